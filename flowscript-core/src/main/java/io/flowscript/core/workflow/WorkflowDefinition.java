package io.flowscript.core.workflow;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.text.JsonText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as it was written: a document and the elements read from it. {@link #of(Map)} creates a definition from
 * a document, and {@link Workflow#named} builds one in Java. Immutable; safe for use by any thread.
 *
 * <p>A definition may have {@link #problems}. When it is registered, the engine reports them all at once, together
 * with the problems that only an engine can find, such as unknown nodes. Two definitions are equal when their
 * documents are equal.
 *
 * @since 0.1.0
 */
public final class WorkflowDefinition {

    /** The maximum nesting depth of flows and loop bodies; deeper ones are refused with {@code too_deep}. */
    public static final int MAX_DEPTH = 64;

    /** The maximum number of elements of a workflow; more are refused with {@code too_many_elements}. */
    public static final int MAX_ELEMENTS = 100_000;

    /**
     * The maximum number of problems that are reported. If there are more, an additional problem tells how many were
     * left out.
     */
    public static final int MAX_PROBLEMS = 100;

    private final String source;
    private final Map<String, @Nullable Object> document;
    private final String id;
    private final String name;
    private final String description;
    private final @Nullable Map<String, @Nullable Object> input;
    private final Map<String, @Nullable Object> initialState;
    private final SecretPaths secrets;
    private final List<Element> elements;
    private final List<Problem> problems;
    private final String hash;
    private final String documentHash;

    private WorkflowDefinition(
            @Nullable String source, Map<String, @Nullable Object> document, DefinitionParser parser) {
        this.document = document;
        this.id = parser.id();
        this.source = source != null ? source : id.isEmpty() ? "(without id)" : id;
        this.name = parser.name();
        this.description = parser.description();
        this.input = parser.input();
        this.initialState = parser.initialState();
        this.secrets = parser.secrets();
        this.elements = parser.elements();
        this.problems = ProblemOrder.sorted(document, parser.problems());
        this.hash = JsonText.hash(running(document, initialState, secrets));
        this.documentHash = JsonText.hash(document);
    }

    /**
     * Reads a document. Messages identify it by its id.
     *
     * @param document the document as plain Java values; it is copied
     * @return the definition, with all problems of its structure
     */
    public static WorkflowDefinition of(Map<String, ? extends @Nullable Object> document) {
        return read(document, null);
    }

    /**
     * Reads a document.
     *
     * @param document the document as plain Java values; it is copied
     * @param source the source of the document for messages, such as the name of a file
     * @return the definition, with all problems of its structure
     */
    public static WorkflowDefinition of(Map<String, ? extends @Nullable Object> document, String source) {
        return read(document, Objects.requireNonNull(source, "source"));
    }

    private static WorkflowDefinition read(Map<String, ? extends @Nullable Object> document, @Nullable String source) {
        Map<String, @Nullable Object> frozen;
        try {
            frozen = Json.object(document);
        } catch (JsonException e) {
            return new WorkflowDefinition(source, Map.of(), DefinitionParser.refusing(document.get("id"), e));
        }
        return new WorkflowDefinition(source, frozen, DefinitionParser.parse(frozen));
    }

    /** The part of a document that runs. */
    private static Map<String, @Nullable Object> running(
            Map<String, @Nullable Object> document, Map<String, @Nullable Object> initialState, SecretPaths secrets) {
        Map<String, @Nullable Object> running = new HashMap<>();
        for (String field : List.of("id", "nodes")) {
            if (document.containsKey(field)) {
                running.put(field, document.get(field));
            }
        }
        if (!initialState.isEmpty()) {
            running.put("initialState", initialState);
        }
        if (!secrets.isEmpty()) {
            running.put(
                    "secrets", secrets.paths().stream().map(JsonPath::toString).toList());
        }
        return running;
    }

    /** {@return the id; empty when the document has none, which is one of its problems} */
    public String id() {
        return id;
    }

    /** {@return the source of the document for messages; the id if no source was given} */
    public String source() {
        return source;
    }

    /** {@return the name for people; the id when the document has no name} */
    public String name() {
        return name;
    }

    /** {@return the description; empty when the document has none} */
    public String description() {
        return description;
    }

    /** {@return the JSON Schema that the input of executions must fit, immutable; null when any input is taken} */
    public @Nullable Map<String, @Nullable Object> input() {
        return input;
    }

    /** {@return the initial state of executions, immutable} */
    public Map<String, @Nullable Object> initialState() {
        return initialState;
    }

    /** {@return the paths of the state whose values are secret} */
    public SecretPaths secrets() {
        return secrets;
    }

    /** {@return the elements of the script that could be read} */
    public List<Element> elements() {
        return elements;
    }

    /** {@return the document, immutable; empty when it is not valid JSON} */
    public Map<String, @Nullable Object> document() {
        return document;
    }

    /**
     * Returns a hash of what runs: the id, the initial state, the secret paths and the nodes. Definitions with the same hash are the same
     * version of a workflow. The name, the description, the version, the input's schema, the metadata and the order of the keys
     * of objects do not change it.
     *
     * @return the SHA-256 as 64 hexadecimal digits
     */
    public String hash() {
        return hash;
    }

    /** {@return the problems of the structure, in the order of the document; empty when there are none} */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * Combines the problems of this definition with further ones.
     *
     * @param found further problems, in addition to {@link #problems}
     * @return all problems in the order of the document: at most {@value #MAX_PROBLEMS}, and one more that tells how
     *     many were left out
     */
    public List<Problem> problemsWith(List<Problem> found) {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(found);
        return ProblemOrder.sorted(document, all);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WorkflowDefinition definition && definition.documentHash.equals(documentHash);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return "WorkflowDefinition[" + source + "]";
    }
}
