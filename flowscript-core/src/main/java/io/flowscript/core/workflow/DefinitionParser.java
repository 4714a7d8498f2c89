package io.flowscript.core.workflow;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.json.Value;
import io.flowscript.core.text.Hints;
import io.flowscript.core.text.JsonPointer;
import io.flowscript.core.text.Names;
import io.flowscript.core.text.Printable;
import io.flowscript.core.workflow.Element.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parses a document into elements. It reports each part that it cannot parse as a problem and skips it, so that one
 * pass finds all problems. The recursion is as deep as the nesting of elements, which is limited.
 */
final class DefinitionParser {

    private static final List<String> FIELDS =
            List.of("id", "name", "description", "version", "input", "initialState", "secrets", "nodes", "metadata");
    private static final int MAX_NAME = 128;
    private static final int MAX_SECRETS = 100;

    /** The maximum number of problems that are collected. */
    private static final int MAX_COLLECTED = 10_000;

    private final Map<String, @Nullable Object> document;
    private final List<Problem> problems = new ArrayList<>();
    private List<Element> elements = List.of();
    private @Nullable Map<String, @Nullable Object> input;
    private Map<String, @Nullable Object> initialState = Map.of();
    private SecretPaths secrets = SecretPaths.NONE;
    private String id = "";
    private String name = "";
    private String description = "";
    private int count;

    private DefinitionParser(Map<String, @Nullable Object> document) {
        this.document = document;
    }

    /** Parses an immutable document. */
    static DefinitionParser parse(Map<String, @Nullable Object> document) {
        DefinitionParser parser = new DefinitionParser(document);
        parser.read();
        return parser;
    }

    /** Returns the result for a document that is not valid JSON. */
    static DefinitionParser refusing(@Nullable Object id, JsonException reason) {
        DefinitionParser parser = new DefinitionParser(Map.of());
        if (id instanceof String text && text.length() <= MAX_NAME) {
            parser.id = text;
            parser.name = text;
        }
        boolean tooDeep = reason.code().equals("value_too_deep");
        parser.problem(
                pointer(reason.path()),
                tooDeep ? "too_deep" : "invalid_document",
                tooDeep
                        ? "The document is nested more than " + Json.MAX_DEPTH
                                + " deep; make it flatter, or divide it into several workflows"
                        : String.valueOf(reason.getMessage()));
        return parser;
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    String description() {
        return description;
    }

    @Nullable
    Map<String, @Nullable Object> input() {
        return input;
    }

    Map<String, @Nullable Object> initialState() {
        return initialState;
    }

    SecretPaths secrets() {
        return secrets;
    }

    List<Element> elements() {
        return elements;
    }

    List<Problem> problems() {
        return problems;
    }

    private void read() {
        id = readId();
        name = text("name", id);
        description = text("description", "");
        optionalObject("metadata");
        input = document.get("input") == null ? null : optionalObject("input");
        initialState = optionalObject("initialState");
        secrets = readSecrets();
        Object version = document.get("version");
        if (version instanceof Map || version instanceof List) {
            problem("/version", "invalid_field", "\"version\" is to be a string or a number, not " + typed(version));
        }
        Object nodes = document.get("nodes");
        if (nodes instanceof List<?> items) {
            elements = sequence(items, "/nodes", 1);
        } else if (document.containsKey("nodes")) {
            problem("/nodes", "invalid_field", "\"nodes\" is to be an array of elements, not " + typed(nodes));
        } else {
            problem(
                    "",
                    "missing_nodes",
                    "The workflow has no \"nodes\"; write an array of elements, which may be empty");
        }
        for (String key : document.keySet()) {
            if (!FIELDS.contains(key)) {
                List<String> free = FIELDS.stream()
                        .filter(field -> !document.containsKey(field))
                        .toList();
                add(Problem.warning(
                                JsonPointer.key("", key),
                                "unknown_field",
                                "A workflow has no field " + quoted(key) + "; it is ignored. The fields are "
                                        + String.join(", ", FIELDS) + ".")
                        .suggesting(Names.closest(key, free)));
            }
        }
    }

    private String readId() {
        Object value = document.get("id");
        if (value == null) {
            problem("", "missing_id", "The workflow has no \"id\"; write a string by which it is started");
            return "";
        }
        if (!(value instanceof String text) || text.isBlank() || text.length() > MAX_NAME) {
            problem(
                    "/id",
                    "invalid_id",
                    "\"id\" is to be a string of 1 to " + MAX_NAME + " characters that is not blank");
            return "";
        }
        return text;
    }

    private String text(String field, String otherwise) {
        Object value = document.get(field);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            return text;
        }
        problem(JsonPointer.key("", field), "invalid_field", quoted(field) + " is to be a string, not " + typed(value));
        return otherwise;
    }

    private Map<String, @Nullable Object> optionalObject(String field) {
        Object value = document.get(field);
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map) {
            return Value.of(value).asMap();
        }
        problem(
                JsonPointer.key("", field),
                "invalid_field",
                quoted(field) + " is to be an object, not " + typed(value));
        return Map.of();
    }

    private SecretPaths readSecrets() {
        Object value = document.get("secrets");
        if (value == null) {
            return SecretPaths.NONE;
        }
        if (!(value instanceof List<?> items)) {
            problem("/secrets", "invalid_field", "\"secrets\" is to be an array of paths, not " + typed(value));
            return SecretPaths.NONE;
        }
        if (items.size() > MAX_SECRETS) {
            problem(
                    "/secrets",
                    "too_many_secrets",
                    "A workflow may mark " + MAX_SECRETS + " paths as secret, not " + items.size()
                            + "; mark the object that has them");
            return SecretPaths.NONE;
        }
        List<JsonPath> paths = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            JsonPath path = secret(items.get(i), JsonPointer.item("/secrets", i));
            if (path != null) {
                paths.add(path);
            }
        }
        return SecretPaths.of(paths);
    }

    private @Nullable JsonPath secret(@Nullable Object value, String pointer) {
        if (!(value instanceof String text)) {
            problem(
                    pointer,
                    "invalid_secret",
                    "A secret is a path of the state such as \"$.card\", not " + typed(value));
            return null;
        }
        JsonPath path;
        try {
            path = JsonPath.parse(text);
        } catch (JsonException e) {
            problem(pointer, "invalid_secret", String.valueOf(e.getMessage()));
            return null;
        }
        if (path.segments().isEmpty()) {
            problem(pointer, "invalid_secret", "The whole state cannot be secret; name the values that are");
            return null;
        }
        if (path.segments().stream().anyMatch(Integer.class::isInstance)) {
            problem(
                    pointer,
                    "invalid_secret",
                    "Items of an array change their places, so " + path + " cannot be secret; mark the whole array");
            return null;
        }
        Object given = path.find(initialState).raw();
        if (given != null && !given.equals("") && !given.equals(List.of()) && !given.equals(Map.of())) {
            problem(
                    pointer,
                    "secret_in_script",
                    "The initial state has a value at " + path
                            + ", and a script is no place for a secret; give it with the input of each execution");
        }
        return path;
    }

    private List<Element> sequence(List<?> items, String pointer, int depth) {
        if (depth > WorkflowDefinition.MAX_DEPTH) {
            problem(
                    pointer,
                    "too_deep",
                    "Branches and loops are nested more than " + WorkflowDefinition.MAX_DEPTH
                            + " deep here; divide the workflow");
            return List.of();
        }
        List<Element> sequence = new ArrayList<>(items.size());
        for (int i = 0; i < items.size() && count <= WorkflowDefinition.MAX_ELEMENTS; i++) {
            Element element = element(items.get(i), JsonPointer.item(pointer, i), depth);
            if (element != null) {
                sequence.add(element);
            }
        }
        return List.copyOf(sequence);
    }

    private @Nullable Element element(@Nullable Object value, String pointer, int depth) {
        if (++count > WorkflowDefinition.MAX_ELEMENTS) {
            if (count == WorkflowDefinition.MAX_ELEMENTS + 1) {
                problem(
                        pointer,
                        "too_many_elements",
                        "The workflow has more than " + WorkflowDefinition.MAX_ELEMENTS
                                + " elements, of which this is the first too many; divide it, or loop");
            }
            return null;
        }
        if (value instanceof String text) {
            return named(text, pointer);
        }
        if (value instanceof Map<?, ?> map) {
            return configured(map, pointer);
        }
        if (value instanceof List<?> items) {
            return compound(items, pointer, depth);
        }
        problem(
                pointer,
                "invalid_element",
                value == null
                        ? "null is no element; it is only for the flow of a branch's edge, where it does nothing"
                        : "An element is a node's name, {\"name\": {config}}, a branch or a loop, not " + typed(value));
        return null;
    }

    private @Nullable Element named(String text, String pointer) {
        if (text.equals(EdgeNames.EXIT)) {
            return new Element.Exit(pointer);
        }
        if (text.startsWith(EdgeNames.LOOP_TO)) {
            String target = text.substring(EdgeNames.LOOP_TO.length());
            if (target.isBlank()) {
                problem(pointer, "invalid_loop_to", "\"loopTo:\" needs the name of a step, as in \"loopTo:review\"");
                return null;
            }
            return new Element.LoopTo(pointer, target);
        }
        return hasName(text, pointer) ? new Step(pointer, text, null) : null;
    }

    private boolean hasName(String text, String pointer) {
        if (text.isBlank() || text.length() > MAX_NAME) {
            problem(
                    pointer,
                    "invalid_node_name",
                    "A node's name has 1 to " + MAX_NAME + " characters and is not blank");
            return false;
        }
        return true;
    }

    /**
     * A step with a config: one key names the node. Beside it the keys of {@link Step#SETTINGS} may stand; alone, such a
     * key names a node too.
     */
    private @Nullable Step configured(Map<?, ?> map, String pointer) {
        Map<String, @Nullable Object> entries = Value.of(map).asMap();
        Map<String, @Nullable Object> settings = new LinkedHashMap<>();
        List<String> named = new ArrayList<>(entries.keySet());
        if (entries.size() > 1) {
            named.removeAll(Step.SETTINGS);
            Step.SETTINGS.stream()
                    .filter(entries::containsKey)
                    .forEach(setting -> settings.put(setting, entries.get(setting)));
        }
        if (named.size() != 1) {
            add(severalNodes(entries, named, pointer));
            return null;
        }
        String node = named.get(0);
        String place = JsonPointer.key(pointer, node);
        if (EdgeNames.isJump(node)) {
            problem(place, "reserved_name", quoted(node) + " takes no config; write it as a string");
            return null;
        }
        if (!hasName(node, place)) {
            return null;
        }
        if (!(entries.get(node) instanceof Map<?, ?> config)) {
            problem(
                    place,
                    "invalid_config",
                    "The config of " + quoted(node) + " is to be an object, not " + typed(entries.get(node))
                            + "; without a config write only its name"
                            + (settings.isEmpty() ? "" : ", or {} where settings stand beside it"));
            return new Step(pointer, node, null, settings);
        }
        return new Step(pointer, node, Value.of(config).asMap(), settings);
    }

    private static Problem severalNodes(Map<String, @Nullable Object> entries, List<String> named, String pointer) {
        String settings = String.join(", ", Step.SETTINGS);
        if (named.isEmpty()) {
            return Problem.error(
                    pointer,
                    "invalid_step",
                    entries.isEmpty()
                            ? "An empty object names no node; write {\"name\": {config}}, or only \"name\""
                            : "This step names no node: " + settings + " are settings that stand beside the node");
        }
        String misspelt = named.stream()
                .map(name -> Names.closest(name, Step.SETTINGS))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return Problem.error(
                        pointer,
                        "invalid_step",
                        "A step names one node, this one names " + named.size() + " ("
                                + Printable.line(String.join(", ", named), 100)
                                + "); write each as an element of its own. Beside the node only " + settings
                                + " may stand")
                .suggesting(misspelt);
    }

    /** A branch or a loop: only these exact shapes are arrays. */
    private @Nullable Element compound(List<?> items, String pointer, int depth) {
        Object second = items.size() == 2 ? items.get(1) : null;
        if (second instanceof Map<?, ?> map) {
            return branch(items.get(0), map, pointer, depth);
        }
        if (second instanceof List<?> body) {
            return loop(items.get(0), body, pointer, depth);
        }
        problem(
                pointer,
                "invalid_array",
                "An array as an element is a branch [condition, {edge: flow}] or a loop [controller, [element...]], but this has "
                        + (items.size() == 2
                                ? typed(second) + " in the second place"
                                : items.size() + (items.size() == 1 ? " item" : " items"))
                        + "; to run one element after another, write them one after another");
        return null;
    }

    private @Nullable Element branch(@Nullable Object first, Map<?, ?> map, String pointer, int depth) {
        Step condition = decider(first, JsonPointer.item(pointer, 0), "condition", "[condition, {edge: flow}]");
        String place = JsonPointer.item(pointer, 1);
        if (map.isEmpty()) {
            add(Problem.warning(
                    place,
                    "empty_branch",
                    "The branch has no edges, so whatever its condition says, it goes on behind it"));
        }
        Map<String, List<Element>> flows = new LinkedHashMap<>();
        Value.of(map).asMap().forEach((edge, flow) -> {
            String at = JsonPointer.key(place, edge);
            if (edge.isBlank() || edge.length() > 256) {
                problem(at, "invalid_edge", "An edge's name has 1 to 256 characters and is not blank");
            }
            if (EdgeNames.isJump(edge)) {
                add(Problem.warning(
                        at,
                        "unreachable_flow",
                        "The edge " + quoted(edge) + " never takes a flow, it has its own effect"));
            }
            flows.put(edge, flow(flow, at, depth + 1));
        });
        return condition == null ? null : new Element.Branch(pointer, condition, flows);
    }

    private List<Element> flow(@Nullable Object flow, String pointer, int depth) {
        if (flow == null) {
            return List.of();
        }
        if (flow instanceof List<?> items) {
            int before = problems.size();
            List<Element> sequence = sequence(items, pointer, depth);
            if (isPair(items)) {
                explainPair(before, JsonPointer.item(pointer, 1));
            }
            return sequence;
        }
        Element only = element(flow, pointer, depth);
        return only == null ? List.of() : List.of(only);
    }

    /** Checks whether a flow of two items looks like a branch or a loop without the array around it. */
    private static boolean isPair(List<?> items) {
        return items.size() == 2
                && (items.get(0) instanceof String || items.get(0) instanceof Map)
                && (items.get(1) instanceof Map || items.get(1) instanceof List);
    }

    /** Adds to the first error in the second item of a pair how a branch or a loop is written there. */
    private void explainPair(int from, String second) {
        for (int i = from; i < problems.size(); i++) {
            Problem problem = problems.get(i);
            if (problem.isError() && (problem.pointer() + "/").startsWith(second + "/")) {
                problems.set(i, problem.explained(Hints.WRAP_BOTH));
                return;
            }
        }
    }

    private @Nullable Element loop(@Nullable Object first, List<?> items, String pointer, int depth) {
        Step controller = decider(first, JsonPointer.item(pointer, 0), "controller", "[controller, [element...]]");
        String place = JsonPointer.item(pointer, 1);
        if (items.isEmpty()) {
            add(Problem.warning(place, "empty_loop", "The loop has nothing in its body"));
        }
        List<Element> body = sequence(items, place, depth + 1);
        return controller == null ? null : new Element.Loop(pointer, controller, body);
    }

    /** The first item of a branch or a loop: a node, with or without a config. */
    private @Nullable Step decider(@Nullable Object value, String pointer, String what, String shape) {
        if (value instanceof String text && !EdgeNames.isJump(text)) {
            return hasName(text, pointer) ? new Step(pointer, text, null) : null;
        }
        if (value instanceof Map<?, ?> map) {
            return configured(map, pointer);
        }
        problem(
                pointer,
                "invalid_" + what,
                "The " + what + " of " + shape + " is to be a node: \"name\" or {\"name\": {config}}, not "
                        + (value instanceof String text ? quoted(text) : typed(value)));
        return null;
    }

    private void problem(String pointer, String code, String message) {
        add(Problem.error(pointer, code, message));
    }

    private void add(Problem problem) {
        if (problems.size() < MAX_COLLECTED) {
            problems.add(problem);
        }
    }

    private static String quoted(String name) {
        return "\"" + Printable.line(name, MAX_NAME) + "\"";
    }

    private static String typed(@Nullable Object value) {
        return switch (Json.typeName(value)) {
            case "array" -> "an array";
            case "object" -> "an object";
            case "null" -> "null";
            default -> "a " + Json.typeName(value);
        };
    }

    /**
     * Returns the JSON Pointer of a path, or that of the whole document when the path is too long for people to read.
     */
    private static String pointer(String path) {
        if (path.length() > JsonPath.MAX_LENGTH) {
            return "/nodes";
        }
        StringBuilder pointer = new StringBuilder();
        for (Object segment : JsonPath.parse(path).segments()) {
            pointer.append(JsonPointer.key("", segment.toString()));
        }
        return pointer.toString();
    }
}
