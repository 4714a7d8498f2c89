package io.flowscript.language.forms;

import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The drafts of JSON Schema that a form may be written in, and which of their keywords hold further schemas. */
@SuppressWarnings("ImmutableEnumChecker") // Nothing here is ever changed; the library's class only does not say so.
enum JsonSchemaDraft {
    DRAFT_2020_12(
            "https://json-schema.org/draft/2020-12/schema",
            Dialects.getDraft202012(),
            Set.of(
                    "additionalProperties",
                    "contains",
                    "contentSchema",
                    "items",
                    "propertyNames",
                    "unevaluatedItems",
                    "unevaluatedProperties"),
            Set.of("prefixItems"),
            Set.of("$defs", "definitions", "patternProperties", "properties")),
    DRAFT_2019_09(
            "https://json-schema.org/draft/2019-09/schema",
            Dialects.getDraft201909(),
            Set.of(
                    "additionalItems",
                    "additionalProperties",
                    "contains",
                    "contentSchema",
                    "items",
                    "propertyNames",
                    "unevaluatedItems",
                    "unevaluatedProperties"),
            Set.of("items"),
            Set.of("$defs", "definitions", "patternProperties", "properties")),
    DRAFT_07(
            "http://json-schema.org/draft-07/schema#",
            Dialects.getDraft7(),
            Set.of("additionalItems", "additionalProperties", "contains", "items", "propertyNames"),
            Set.of("items"),
            Set.of("definitions", "patternProperties", "properties")),
    DRAFT_06(
            "http://json-schema.org/draft-06/schema#",
            Dialects.getDraft6(),
            Set.of("additionalItems", "additionalProperties", "contains", "items", "propertyNames"),
            Set.of("items"),
            Set.of("definitions", "patternProperties", "properties")),
    DRAFT_04(
            "http://json-schema.org/draft-04/schema#",
            Dialects.getDraft4(),
            Set.of("additionalItems", "additionalProperties", "items"),
            Set.of("items"),
            Set.of("definitions", "patternProperties", "properties"));

    private final String id;
    private final Dialect dialect;
    private final Set<String> schemas;
    private final Set<String> lists;
    private final Set<String> maps;

    JsonSchemaDraft(String id, Dialect blueprint, Set<String> schemas, Set<String> lists, Set<String> maps) {
        this.id = id;
        this.schemas = schemas;
        this.lists = lists;
        this.maps = maps;
        this.dialect = Dialect.builder(blueprint)
                .formats(formats -> {
                    // Those of the specification, without the library's own.
                    formats.keySet().removeIf(name -> !Violations.knowsFormat(name));
                    formats.replaceAll((name, format) -> new BoundedFormat(format));
                })
                .keyword(new UniqueItemsKeyword())
                .keyword(Alternatives.anyOf())
                .keyword(Alternatives.oneOf())
                // The library's own keeps each name for ever and writes it to the log.
                .unknownKeywordFactory((keyword, context) -> new AnnotationKeyword(keyword))
                .build();
    }

    /** {@return the draft of that name, written with or without the empty fragment and by http or https} */
    static Optional<JsonSchemaDraft> of(String schema) {
        String plain = plain(schema);
        return Arrays.stream(values())
                .filter(draft -> plain(draft.id).equals(plain))
                .findFirst();
    }

    private static String plain(String schema) {
        String bare = schema.endsWith("#") ? schema.substring(0, schema.length() - 1) : schema;
        return bare.startsWith("http:") ? "https:" + bare.substring("http:".length()) : bare;
    }

    static String known() {
        return Arrays.stream(values()).map(JsonSchemaDraft::id).collect(Collectors.joining(", "));
    }

    static List<Dialect> dialects() {
        return Arrays.stream(values()).map(draft -> draft.dialect).toList();
    }

    /** {@return what "$schema" says} */
    String id() {
        return id;
    }

    String idKeyword() {
        return this == DRAFT_04 ? "id" : "$id";
    }

    /** Until draft 7 nothing beside a reference counted. */
    boolean referenceStandsAlone() {
        return compareTo(DRAFT_07) >= 0;
    }

    /** Until draft 7 an anchor was an id that is a fragment. */
    boolean hasAnchors() {
        return !referenceStandsAlone();
    }

    /** {@return how the schemas below a keyword are held, or null if it holds none} */
    @Nullable
    Holding holding(String keyword, Object value) {
        if (value instanceof List) {
            return lists.contains(keyword) || isChoice(keyword) ? Holding.LIST : null;
        }
        if (maps.contains(keyword) || keyword.equals("dependencies") || dependentSchemas(keyword)) {
            return Holding.MAP;
        }
        return schemas.contains(keyword) || keyword.equals("not") || conditional(keyword) ? Holding.ONE : null;
    }

    /** Whether what is below a keyword looks at the same value as the schema that has it. */
    boolean isInPlace(String keyword) {
        return isChoice(keyword)
                || keyword.equals("not")
                || conditional(keyword)
                || dependentSchemas(keyword)
                || keyword.equals("dependencies");
    }

    private static boolean isChoice(String keyword) {
        return keyword.equals("allOf") || keyword.equals("anyOf") || keyword.equals("oneOf");
    }

    private boolean conditional(String keyword) {
        return compareTo(DRAFT_07) <= 0 && (keyword.equals("if") || keyword.equals("then") || keyword.equals("else"));
    }

    private boolean dependentSchemas(String keyword) {
        return hasAnchors() && keyword.equals("dependentSchemas");
    }

    /** How a keyword holds schemas. */
    enum Holding {
        ONE,
        LIST,
        MAP
    }
}
