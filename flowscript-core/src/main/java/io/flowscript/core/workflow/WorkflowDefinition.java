package io.flowscript.core.workflow;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.text.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as it was written: a document, and what could be read from it. Made of a document by {@link #of(Map)}, or in Java by
 * {@link Workflow#named}. Immutable; safe for use by any thread.
 *
 * <p>It may be wrong: its {@link #problems} are kept and reported, together with what only an engine can know (whether its nodes
 * exist), all at once when it is registered. Two definitions are equal when their documents are.
 *
 * @since 0.1.0
 */
public final class WorkflowDefinition {

    /** How deep flows and loop bodies may be nested in each other; deeper ones are refused with {@code too_deep}. */
    public static final int MAX_DEPTH = 64;

    /** How many elements a workflow may have; more are refused with {@code too_many_elements}. */
    public static final int MAX_ELEMENTS = 100_000;

    /** How many problems are reported; after them, one more says how many were left out. */
    public static final int MAX_PROBLEMS = 100;

    private final String source;
    private final Map<String, @Nullable Object> document;
    private final String id;
    private final String name;
    private final String description;
    private final Map<String, @Nullable Object> initialState;
    private final List<Element> elements;
    private final List<Problem> problems;
    private final String hash;

    private WorkflowDefinition(
            @Nullable String source, Map<String, @Nullable Object> document, DefinitionParser parser) {
        this.document = document;
        this.id = parser.id();
        this.source = source != null ? source : id.isEmpty() ? "(without id)" : id;
        this.name = parser.name();
        this.description = parser.description();
        this.initialState = parser.initialState();
        this.elements = parser.elements();
        this.problems = ProblemOrder.sorted(document, parser.problems());
        this.hash = JsonText.hash(document);
    }

    /**
     * Reads a document that is known by its id.
     *
     * @param document the document as plain values; it is frozen
     * @return the definition, with all that is wrong with its shape
     */
    public static WorkflowDefinition of(Map<String, ? extends @Nullable Object> document) {
        return read(document, null);
    }

    /**
     * Reads a document.
     *
     * @param document the document as plain values; it is frozen
     * @param source where it comes from, for messages to people, such as a file's name
     * @return the definition, with all that is wrong with its shape
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

    /** {@return the id; empty when the document has none, which is one of its problems} */
    public String id() {
        return id;
    }

    /** {@return where it comes from, for messages to people; the id if nothing was said} */
    public String source() {
        return source;
    }

    /** {@return the name for people; the id when it has none} */
    public String name() {
        return name;
    }

    /** {@return what it is for; empty when it does not say} */
    public String description() {
        return description;
    }

    /** {@return the state that an execution begins with, frozen} */
    public Map<String, @Nullable Object> initialState() {
        return initialState;
    }

    /** {@return the script, as far as it could be read} */
    public List<Element> elements() {
        return elements;
    }

    /** {@return the document, frozen; empty when it could not be} */
    public Map<String, @Nullable Object> document() {
        return document;
    }

    /** {@return a hash of the document that does not depend on the order of keys: SHA-256 as 64 hexadecimal digits} */
    public String hash() {
        return hash;
    }

    /** {@return what is wrong with its shape, in the order of the document; empty when nothing is} */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * All that is wrong with this definition.
     *
     * @param found what was found beside its {@link #problems}
     * @return both, in the order of the document, at most {@value #MAX_PROBLEMS} and one more that says how many were
     *     left out
     */
    public List<Problem> problemsWith(List<Problem> found) {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(found);
        return ProblemOrder.sorted(document, all);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WorkflowDefinition definition && definition.hash.equals(hash);
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
