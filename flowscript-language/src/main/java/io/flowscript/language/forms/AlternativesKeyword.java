package io.flowscript.language.forms;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AnyOfValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.keyword.OneOfValidator;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The keywords {@code anyOf} and {@code oneOf}. The schema library reports the errors of all alternatives together.
 * This keyword reports only those of the alternative that was meant. If that cannot be determined, it describes the
 * alternatives.
 */
final class AlternativesKeyword implements Keyword {

    private static final int SHOWN = 4;

    private final String name;
    private final Factory factory;

    private AlternativesKeyword(String name, Factory factory) {
        this.name = name;
        this.factory = factory;
    }

    static Keyword anyOf() {
        return new AlternativesKeyword("anyOf", AnyOf::new);
    }

    static Keyword oneOf() {
        return new AlternativesKeyword("oneOf", OneOf::new);
    }

    @Override
    public String getValue() {
        return name;
    }

    @Override
    public KeywordValidator newValidator(
            SchemaLocation location, JsonNode schema, Schema parent, SchemaContext context) {
        return factory.make(location, schema, parent, context);
    }

    private interface Factory {
        KeywordValidator make(SchemaLocation location, JsonNode schema, Schema parent, SchemaContext context);
    }

    private static final class AnyOf extends AnyOfValidator {

        AnyOf(SchemaLocation location, JsonNode schema, Schema parent, SchemaContext context) {
            super(location, schema, parent, context);
        }

        @Override
        public void validate(ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            int before = context.getErrors().size();
            super.validate(context, node, root, location);
            reportMeant("anyOf", context, before, location);
        }
    }

    private static final class OneOf extends OneOfValidator {

        OneOf(SchemaLocation location, JsonNode schema, Schema parent, SchemaContext context) {
            super(location, schema, parent, context);
        }

        @Override
        public void validate(ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            int before = context.getErrors().size();
            super.validate(context, node, root, location);
            reportMeant("oneOf", context, before, location);
        }
    }

    private static void reportMeant(String keyword, ExecutionContext context, int before, NodePath location) {
        List<Error> errors = context.getErrors();
        if (errors.size() <= before) {
            return;
        }
        List<Error> found = errors.subList(before, errors.size());
        List<Error> reported = report(keyword, context.getEvaluationPath(), location, found);
        found.clear();
        errors.addAll(reported);
    }

    private static List<Error> report(String keyword, NodePath path, NodePath location, List<Error> found) {
        if ("oneOf.indexes".equals(found.get(0).getMessageKey())) {
            return List.of(error(
                    keyword, path, location, "matches more than one of the alternatives, but must match exactly one"));
        }
        SortedMap<Integer, List<Error>> branches = new TreeMap<>();
        for (Error error : found) {
            NodePath at = error.getEvaluationPath();
            if (at.getNameCount() > path.getNameCount()
                    && at.getElement(path.getNameCount()) instanceof Integer branch) {
                branches.computeIfAbsent(branch, key -> new ArrayList<>()).add(error);
            }
        }
        for (int depth : new int[] {1, 0}) {
            List<List<Error>> meant = branches.values().stream()
                    .filter(errors -> errors.stream().noneMatch(error -> isOfAnotherKind(error, location, depth)))
                    .toList();
            if (meant.size() == 1) {
                return List.copyOf(meant.get(0));
            }
        }
        return List.of(error(keyword, path, location, alternatives(branches.values(), location)));
    }

    /**
     * Whether an error shows that its alternative was not meant: it is for another type of value, or for another
     * value of a discriminator field. Discriminators are looked for down to {@code depth} levels; at 0, the type
     * alone counts.
     */
    private static boolean isOfAnotherKind(Error error, NodePath location, int depth) {
        int below = error.getInstanceLocation().getNameCount() - location.getNameCount();
        return switch (String.valueOf(error.getKeyword())) {
            case "type", "false" -> below == 0;
            case "const", "enum" -> depth > 0 && below <= depth;
            default -> false;
        };
    }

    private static String alternatives(Collection<List<Error>> branches, NodePath location) {
        List<Error> types = branches.stream()
                .flatMap(errors -> errors.stream()
                        .filter(error -> error.getKeyword().equals("type")
                                && error.getInstanceLocation().equals(location))
                        .limit(1))
                .toList();
        if (!types.isEmpty() && types.size() == branches.size()) {
            return Violations.anyType(types);
        }
        String here = Violations.path(location);
        Set<String> sentences = new LinkedHashSet<>();
        for (List<Error> errors : branches) {
            String sentence = errors.stream()
                    .limit(2)
                    .map(Violations::of)
                    .map(violation -> (relative(violation.path(), here) + " " + violation.message()).strip())
                    .distinct()
                    .collect(Collectors.joining(" and "));
            sentences.add(sentence);
        }
        String text = sentences.stream().limit(SHOWN).collect(Collectors.joining(", or "));
        return text.isEmpty()
                ? "matches none of the alternatives"
                : sentences.size() > SHOWN ? text + ", or one of " + (sentences.size() - SHOWN) + " more" : text;
    }

    private static String relative(String path, String here) {
        String below = path.substring(Math.min(here.length(), path.length()));
        return below.startsWith(".") ? below.substring(1) : below;
    }

    private static Error error(String keyword, NodePath path, NodePath location, String message) {
        return Error.builder()
                .keyword(keyword)
                .messageKey(keyword)
                .evaluationPath(path)
                .instanceLocation(location)
                .arguments(message)
                .messageSupplier(() -> message)
                .build();
    }
}
