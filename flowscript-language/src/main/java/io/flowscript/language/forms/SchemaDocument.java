package io.flowscript.language.forms;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a schema and the references between them. Refuses references that lead out of the document, nowhere,
 * or back to themselves, invalid regular expressions and unknown drafts. The schema library would fetch the
 * references, loop forever, or report such errors only when a person answers.
 */
final class SchemaDocument {

    /** Base URI of a document without an absolute id. It is never fetched. */
    static final String BASE = "https://form.invalid/schema";

    private static final int MAX_PARTS = 10_000;
    private static final long MAX_WEIGHT = 4L << 20;
    private static final BigDecimal MAX_SIZE = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final Set<String> SIZES = Set.of(
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "minContains",
            "maxContains");
    private static final Pattern BUNDLED = Pattern.compile(
            "https?://json-schema\\.org/(draft-0[467]/schema|draft/20(19-09|20-12)/(schema|meta/[a-z-]+))");

    /** Parts by JSON Pointer, written as a URI fragment: {@code #/properties/name}. */
    private final Map<String, Part> parts = new LinkedHashMap<>();

    /** Parts by absolute id, with or without an anchor. */
    private final Map<String, Part> names = new HashMap<>();

    private final Deque<Part> unread = new ArrayDeque<>();

    private SchemaDocument() {}

    /**
     * Checks a schema.
     *
     * @param schema the schema
     * @return the draft that it uses
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_schema}
     */
    static JsonSchemaDraft check(Object schema) {
        if (!(schema instanceof Map) && !(schema instanceof Boolean)) {
            throw SchemaFormValidator.invalid(
                    "it is a value of type " + Json.typeName(schema)
                            + "; a schema is an object such as {\"type\": \"object\"}, or a boolean",
                    null);
        }
        if (Json.weight(schema) > MAX_WEIGHT) {
            throw SchemaFormValidator.invalid(
                    "it is larger than " + (MAX_WEIGHT >> 20) + " MiB; split the form or shorten its texts", null);
        }
        SchemaDocument document = new SchemaDocument();
        Part root = document.add(schema, "#", BASE, JsonSchemaDraft.DRAFT_2020_12);
        document.names.putIfAbsent(BASE, root);
        document.resolve();
        document.refuseCircles();
        return root.draft;
    }

    /** {@return whether the schema library bundles the document, so that it need not be fetched} */
    static boolean isBundled(String iri) {
        return BUNDLED.matcher(iri).matches();
    }

    private Part add(Object schema, String pointer, String base, JsonSchemaDraft draft) {
        Part known = parts.get(pointer);
        if (known != null) {
            return known;
        }
        if (parts.size() >= MAX_PARTS) {
            throw SchemaFormValidator.invalid("it has more than " + MAX_PARTS + " parts; split the form", null);
        }
        Part part = new Part(pointer, schema, base, draft);
        parts.put(pointer, part);
        if (schema instanceof Map<?, ?> keywords) {
            read(part, keywords);
        }
        return part;
    }

    private void read(Part part, Map<?, ?> keywords) {
        JsonSchemaDraft draft = draft(keywords, part.pointer, part.draft);
        part.draft = draft;
        if (draft.referenceStandsAlone() && keywords.get("$ref") instanceof String ref) {
            part.references.put("$ref", ref);
            unread.add(part);
            return;
        }
        if (keywords.get(draft.idKeyword()) instanceof String id) {
            name(part, id);
        }
        if (draft.hasAnchors()) {
            anchor(part, keywords.get("$anchor"));
            anchor(part, keywords.get("$dynamicAnchor"));
        }
        for (Map.Entry<?, ?> entry : keywords.entrySet()) {
            String keyword = (String) entry.getKey();
            Object value = entry.getValue();
            if (value instanceof String target && (keyword.equals("$ref") || isDynamic(keyword, draft))) {
                part.references.put(keyword, target);
            } else if (keyword.equals("pattern") && value instanceof String regex) {
                checkPattern(regex, part.pointer + "/pattern");
            } else if (value instanceof Number size && SIZES.contains(keyword)) {
                checkSize(size, part.pointer + "/" + keyword);
            } else if (value != null) {
                addBelow(part, keyword, value);
            }
        }
        if (!part.references.isEmpty()) {
            unread.add(part);
        }
    }

    private static boolean isDynamic(String keyword, JsonSchemaDraft draft) {
        return keyword.equals("$dynamicRef") && draft == JsonSchemaDraft.DRAFT_2020_12;
    }

    private void name(Part part, String id) {
        if (id.startsWith("#") && !part.draft.hasAnchors()) {
            names.putIfAbsent(part.base + id, part);
            return;
        }
        String place = part.pointer + "/" + part.draft.idKeyword();
        URI absolute = resolve(part.base, id, place);
        part.base = withoutFragment(absolute.toString());
        names.putIfAbsent(part.base, part);
    }

    private void anchor(Part part, @Nullable Object name) {
        if (name instanceof String text) {
            names.putIfAbsent(part.base + "#" + text, part);
        }
    }

    private void addBelow(Part part, String keyword, Object value) {
        JsonSchemaDraft.SubschemaShape shape = part.draft.shape(keyword, value);
        if (shape == null) {
            return;
        }
        String place = part.pointer + "/" + escape(keyword);
        switch (shape) {
            case ONE -> addBelow(part, keyword, value, place);
            case LIST -> {
                int i = 0;
                for (Object item : (List<?>) value) {
                    addBelow(part, keyword, item, place + "/" + i++);
                }
            }
            case MAP -> {
                if (value instanceof Map<?, ?> map) {
                    map.forEach((key, item) -> {
                        String below = place + "/" + escape((String) key);
                        if (keyword.equals("patternProperties")) {
                            checkPattern((String) key, below);
                        }
                        addBelow(part, keyword, item, below);
                    });
                }
            }
        }
    }

    private void addBelow(Part part, String keyword, @Nullable Object schema, String place) {
        if (schema instanceof Map || schema instanceof Boolean) {
            Part below = add(schema, place, part.base, part.draft);
            if (part.draft.isInPlace(keyword)) {
                part.inPlace.add(below);
            }
        }
    }

    private static void checkPattern(String regex, String place) {
        try {
            EcmaPattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw SchemaFormValidator.invalid(
                    "at " + place + ": \"" + Violations.bounded(regex) + "\" is not a regular expression: "
                            + Violations.lowerCase(e.getDescription()),
                    null);
        }
    }

    /** Refuses a size that the schema library cannot read. No value is that large. */
    private static void checkSize(Number size, String place) {
        if (Value.of(size).asDecimal().compareTo(MAX_SIZE) > 0) {
            throw SchemaFormValidator.invalid("at " + place + ": must be at most " + MAX_SIZE, null);
        }
    }

    private static JsonSchemaDraft draft(Map<?, ?> keywords, String pointer, JsonSchemaDraft inherited) {
        if (!keywords.containsKey("$schema")) {
            return inherited;
        }
        String place = "at " + pointer + "/$schema: ";
        if (!(keywords.get("$schema") instanceof String declared)) {
            throw SchemaFormValidator.invalid(place + "must be one of " + JsonSchemaDraft.known(), null);
        }
        return JsonSchemaDraft.of(declared)
                .orElseThrow(() -> SchemaFormValidator.invalid(
                        place + "\"" + Violations.bounded(declared) + "\" is not supported; use one of "
                                + JsonSchemaDraft.known(),
                        null));
    }

    private void resolve() {
        for (Part part = unread.poll(); part != null; part = unread.poll()) {
            for (Map.Entry<String, String> reference : part.references.entrySet()) {
                String place = part.pointer + "/" + reference.getKey();
                Part target = target(part, reference.getValue(), place);
                if (target != null && reference.getKey().equals("$ref")) {
                    part.inPlace.add(target);
                }
            }
        }
    }

    /** {@return the part that is referred to, or null if it belongs to a bundled meta-schema} */
    private @Nullable Part target(Part from, String reference, String place) {
        String absolute = resolve(from.base, reference, place).toString();
        String document = withoutFragment(absolute);
        Part resource = names.get(document);
        if (resource == null) {
            if (isBundled(document)) {
                return null;
            }
            throw SchemaFormValidator.invalid(
                    "at " + place + ": \"" + Violations.bounded(reference)
                            + "\" is outside of this schema; a form's schema can refer only to its own parts, such as #/$defs/name",
                    null);
        }
        String fragment = URI.create(absolute).getFragment();
        if (fragment == null || fragment.isEmpty()) {
            return resource;
        }
        Part named = fragment.startsWith("/") ? null : names.get(document + "#" + fragment);
        if (named != null) {
            return named;
        }
        Part pointed = fragment.startsWith("/") ? at(resource, fragment) : null;
        if (pointed == null) {
            throw SchemaFormValidator.invalid(
                    "at " + place + ": \"" + Violations.bounded(reference)
                            + "\" cannot be resolved; no schema has that name",
                    null);
        }
        return pointed;
    }

    /** Resolves a pointer in the document. The pointer may pass through values that no keyword of the draft holds. */
    private @Nullable Part at(Part resource, String pointer) {
        Object value = resource.schema;
        Part nearest = resource;
        StringBuilder place = new StringBuilder(resource.pointer);
        for (String token : pointer.substring(1).split("/", -1)) {
            String name = token.replace("~1", "/").replace("~0", "~");
            if (value instanceof Map<?, ?> map) {
                value = map.get(name);
            } else if (value instanceof List<?> list && name.matches("0|[1-9][0-9]{0,8}")) {
                int index = Integer.parseInt(name);
                value = index < list.size() ? list.get(index) : null;
            } else {
                return null;
            }
            place.append('/').append(escape(name));
            nearest = parts.getOrDefault(place.toString(), nearest);
        }
        return value instanceof Map || value instanceof Boolean
                ? add(value, place.toString(), nearest.base, nearest.draft)
                : null;
    }

    /** Refuses a part that refers back to itself for the same value: it would be checked forever. */
    private void refuseCircles() {
        Set<Part> finished = new HashSet<>();
        for (Part start : parts.values()) {
            Deque<Visit> path = new ArrayDeque<>();
            Set<Part> open = new HashSet<>();
            if (finished.contains(start)) {
                continue;
            }
            path.push(new Visit(start));
            open.add(start);
            while (!path.isEmpty()) {
                Visit visit = path.element();
                if (visit.next == visit.part.inPlace.size()) {
                    path.pop();
                    open.remove(visit.part);
                    finished.add(visit.part);
                    continue;
                }
                Part below = visit.part.inPlace.get(visit.next++);
                if (open.contains(below)) {
                    throw SchemaFormValidator.invalid(
                            "at " + place(visit.part)
                                    + ": it refers to itself without end; put the reference under \"properties\" or \"items\"",
                            null);
                }
                if (!finished.contains(below)) {
                    path.push(new Visit(below));
                    open.add(below);
                }
            }
        }
    }

    private static String place(Part part) {
        return part.references.containsKey("$ref") ? part.pointer + "/$ref" : part.pointer;
    }

    private static URI resolve(String base, String reference, String place) {
        try {
            if (reference.startsWith("#")) {
                return URI.create(base + reference);
            }
            return URI.create(base).resolve(reference.isEmpty() ? base : reference);
        } catch (IllegalArgumentException e) {
            throw SchemaFormValidator.invalid(
                    "at " + place + ": \"" + Violations.bounded(reference) + "\" is not a URI reference", null);
        }
    }

    private static String withoutFragment(String uri) {
        int fragment = uri.indexOf('#');
        return fragment < 0 ? uri : uri.substring(0, fragment);
    }

    static String escape(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static final class Part {

        private final String pointer;
        private final Object schema;

        /** Maps each referring keyword to the part that it refers to. */
        private final Map<String, String> references = new LinkedHashMap<>();

        /** Parts that apply to the same value as this part. */
        private final List<Part> inPlace = new ArrayList<>();

        private String base;
        private JsonSchemaDraft draft;

        Part(String pointer, Object schema, String base, JsonSchemaDraft draft) {
            this.pointer = pointer;
            this.schema = schema;
            this.base = base;
            this.draft = draft;
        }
    }

    private static final class Visit {

        private final Part part;
        private int next;

        Visit(Part part) {
            this.part = part;
        }
    }
}
