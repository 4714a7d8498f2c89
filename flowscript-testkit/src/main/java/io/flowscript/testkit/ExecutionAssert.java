package io.flowscript.testkit;

import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.engine.Execution;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about the current state of an execution. A failure reports what happened in the execution.
 *
 * <p>{@link #asked}, {@link #showing}, {@link #assignedTo}, {@link #offeredTo}, {@link #claimedBy} and {@link
 * #withDeadline} apply to the interaction that {@link #isPausedAt} selected; without it they throw {@link
 * IllegalStateException}.
 *
 * <p>Every assertion that does not hold throws {@link AssertionError}. For the thread of the test.
 *
 * @since 0.1.0
 */
public final class ExecutionAssert extends AbstractAssert<ExecutionAssert, Execution> {

    private @Nullable Interaction paused;

    ExecutionAssert(Execution execution) {
        super(execution, ExecutionAssert.class);
    }

    /**
     * Verifies that the execution completed.
     *
     * @return this
     */
    public ExecutionAssert isCompleted() {
        return hasStatus(ExecutionStatus.COMPLETED);
    }

    /**
     * Verifies that the execution was cancelled.
     *
     * @return this
     */
    public ExecutionAssert isCancelled() {
        return hasStatus(ExecutionStatus.CANCELLED);
    }

    /**
     * Verifies that the execution failed.
     *
     * @param code the stable error code, such as {@code unhandled_edge}
     * @return this
     */
    public ExecutionAssert isFailed(String code) {
        hasStatus(ExecutionStatus.FAILED);
        ExecutionResult result = actual.snapshot().result();
        if (result == null || !code.equals(result.code())) {
            throw failed("to have failed with " + code + ", but it failed with "
                    + (result == null ? "nothing" : result.code() + ": " + result.error()));
        }
        return this;
    }

    /**
     * Verifies the status of the execution.
     *
     * @param status the status
     * @return this
     */
    public ExecutionAssert hasStatus(ExecutionStatus status) {
        isNotNull();
        if (actual.status() != status) {
            throw failed(
                    "to be " + status.id() + ", but it is " + actual.status().id());
        }
        return this;
    }

    /**
     * Verifies that the execution waits for an answer at a node, and selects the newest open interaction of that
     * node.
     *
     * @param node the name of the node
     * @return this
     */
    public ExecutionAssert isPausedAt(String node) {
        isNotNull();
        paused = null;
        for (Interaction question : actual.interactions()) {
            if (question.nodeName().equals(node)) {
                paused = question;
            }
        }
        if (paused == null) {
            List<String> others =
                    actual.interactions().stream().map(Interaction::nodeName).toList();
            throw failed("to be paused at \"" + node + "\", but it is "
                    + (others.isEmpty()
                            ? actual.status().id() + " and has no open interaction"
                            : "paused at " + String.join(", ", others)));
        }
        return this;
    }

    /**
     * Verifies the form of the selected interaction.
     *
     * @param schema the JSON Schema of the answer; null for any answer
     * @return this
     */
    public ExecutionAssert asked(@Nullable Object schema) {
        return question("the form", schema, question -> form(question.question()));
    }

    /**
     * Verifies a value that the selected interaction shows.
     *
     * @param name the name of the shown value
     * @param value the value
     * @return this
     */
    public ExecutionAssert showing(String name, @Nullable Object value) {
        return question("\"" + name + "\"", value, question -> shown(question.question(), name));
    }

    /**
     * Verifies that the selected interaction is assigned to exactly these people.
     *
     * @param people names, in any order; no names if it is assigned to nobody by name
     * @return this
     */
    public ExecutionAssert assignedTo(String... people) {
        return question(
                "the people",
                sorted(List.of(people)),
                question -> sorted(question.assignment().people()));
    }

    /**
     * Verifies that the selected interaction is assigned to exactly these groups.
     *
     * @param groups names, in any order
     * @return this
     */
    public ExecutionAssert offeredTo(String... groups) {
        return question(
                "the groups",
                sorted(List.of(groups)),
                question -> sorted(question.assignment().groups()));
    }

    /**
     * Verifies who has claimed the selected interaction.
     *
     * @param person the person's name; null if it is not claimed
     * @return this
     */
    public ExecutionAssert claimedBy(@Nullable String person) {
        return question("the claim of", person, question -> {
            Interaction.Claim claim = question.claim();
            return claim == null ? null : claim.by();
        });
    }

    /**
     * Verifies the deadline of the selected interaction.
     *
     * @param within the time from when it was asked to its deadline
     * @return this
     */
    public ExecutionAssert withDeadline(Duration within) {
        return question(
                "the deadline after",
                TimeOffsets.text(within),
                question -> question.deadline() == null
                        ? null
                        : TimeOffsets.text(Duration.between(question.requestedAt(), question.deadline())));
    }

    /**
     * Verifies that a visit of a node took an edge.
     *
     * @param node the name of the node
     * @param edge the edge
     * @return this
     */
    public ExecutionAssert took(String node, String edge) {
        return tookInOrder(node, edge);
    }

    /**
     * Verifies that visits took edges, in this order. Others may come between.
     *
     * @param nodesAndEdges the name of a node, its edge, the next node, its edge, and so on
     * @return this
     */
    public ExecutionAssert tookInOrder(String... nodesAndEdges) {
        isNotNull();
        if (nodesAndEdges.length % 2 != 0) {
            throw new IllegalArgumentException("tookInOrder takes pairs of a node and an edge, not "
                    + nodesAndEdges.length + " names: the last node has no edge");
        }
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < nodesAndEdges.length; i += 2) {
            wanted.add(nodesAndEdges[i] + " -> " + nodesAndEdges[i + 1]);
        }
        List<String> taken = events().stream()
                .map(RecordedEvent::event)
                .filter(NodeEvent.Completed.class::isInstance)
                .map(NodeEvent.Completed.class::cast)
                .map(completed -> completed.nodeName() + " -> " + completed.edge())
                .toList();
        return inOrder("to have taken", wanted, taken);
    }

    /**
     * Verifies that nodes were visited, in this order. Others may come between.
     *
     * @param nodes names of nodes
     * @return this
     */
    public ExecutionAssert visited(String... nodes) {
        isNotNull();
        return inOrder("to have visited", List.of(nodes), visits());
    }

    /**
     * Verifies that exactly these nodes were visited, in this order.
     *
     * @param nodes names of nodes
     * @return this
     */
    public ExecutionAssert visitedExactly(String... nodes) {
        isNotNull();
        List<String> visits = visits();
        if (!visits.equals(List.of(nodes))) {
            throw failed("to have visited exactly " + List.of(nodes) + ", but it visited " + visits);
        }
        return this;
    }

    /**
     * Verifies that none of these nodes was visited.
     *
     * @param nodes names of nodes
     * @return this
     */
    public ExecutionAssert didNotVisit(String... nodes) {
        isNotNull();
        List<String> visited =
                List.of(nodes).stream().filter(visits()::contains).toList();
        if (!visited.isEmpty()) {
            throw failed("not to have visited " + visited);
        }
        return this;
    }

    /**
     * Verifies a value in the state. Numbers are compared by value.
     *
     * @param path a path, see {@link io.flowscript.core.json.JsonPath#parse}
     * @param value any JSON value, or null
     * @return this
     */
    public ExecutionAssert hasState(String path, @Nullable Object value) {
        isNotNull();
        Value found = actual.state(path);
        if (found.isMissing()) {
            throw failed("to have " + EventLines.json(Json.freeze(value)) + " at " + path
                    + " of its state, but there is nothing; the state is "
                    + EventLines.json(actual.snapshot().state()));
        }
        if (!same(found.raw(), Json.freeze(value))) {
            throw failed("to have " + EventLines.json(Json.freeze(value)) + " at " + path
                    + " of its state, but there is " + EventLines.json(found.raw()));
        }
        return this;
    }

    /**
     * Verifies that the state has no value at a path, not even null.
     *
     * @param path a path, see {@link io.flowscript.core.json.JsonPath#parse}
     * @return this
     */
    public ExecutionAssert hasNoState(String path) {
        isNotNull();
        Value found = actual.state(path);
        if (!found.isMissing()) {
            throw failed("to have nothing at " + path + " of its state, but there is " + EventLines.json(found.raw()));
        }
        return this;
    }

    /**
     * Verifies that events of these types were emitted, in this order. Others may come between.
     *
     * @param first an event type, such as {@code workflow:started} or {@code order:packed}
     * @param more more types
     * @return this
     */
    public ExecutionAssert emitted(String first, String... more) {
        isNotNull();
        List<String> wanted = new ArrayList<>(List.of(first));
        wanted.addAll(List.of(more));
        return inOrder(
                "to have emitted",
                wanted,
                events().stream().map(event -> event.type().name()).toList());
    }

    /**
     * Verifies that the events equal those of a golden file, and that they follow the {@link EventGrammar}.
     *
     * @param golden the file, see {@link FlowScriptAssertions#golden}
     * @return this
     */
    public ExecutionAssert emitted(GoldenEvents golden) {
        isNotNull();
        List<RecordedEvent> events = events();
        EventGrammar.checkUnfinished(events);
        golden.compare(events);
        return this;
    }

    private ExecutionAssert question(
            String what, @Nullable Object expected, Function<Interaction, @Nullable Object> found) {
        Interaction question = paused;
        if (question == null) {
            throw new IllegalStateException("No interaction is selected; call isPausedAt(node) before " + what);
        }
        Object there = found.apply(question);
        if (!same(there, Json.freeze(expected))) {
            throw failed("to ask \"" + question.nodeName() + "\" with " + what + " "
                    + EventLines.json(Json.freeze(expected)) + ", but it is " + EventLines.json(there));
        }
        return this;
    }

    private static @Nullable Object form(@Nullable Question question) {
        return question == null ? null : question.schema();
    }

    private static @Nullable Object shown(@Nullable Question question, String name) {
        Map<?, ?> context = question == null ? null : question.context();
        return context == null ? null : context.get(name);
    }

    private static List<String> sorted(List<String> names) {
        return List.copyOf(new TreeSet<>(names));
    }

    private List<RecordedEvent> events() {
        return Events.of(actual.events());
    }

    private List<String> visits() {
        return events().stream()
                .map(RecordedEvent::event)
                .filter(event -> event instanceof NodeEvent.Executing executing && executing.attempt() == 1)
                .map(event -> ((NodeEvent.Executing) event).nodeName())
                .toList();
    }

    private ExecutionAssert inOrder(String what, List<String> wanted, List<String> all) {
        int found = Subsequence.found(wanted, all);
        if (found < wanted.size()) {
            throw failed(what + " " + wanted + ", but "
                    + (found == 0
                            ? "there is no " + wanted.get(0)
                            : wanted.get(found) + " does not follow " + wanted.get(found - 1)));
        }
        return this;
    }

    private AssertionError failed(String message) {
        return failure("%s", "Expected " + actual.id() + " " + message + ".\n" + Story.of(actual));
    }

    /** Whether two JSON values are equal; 1 equals 1.0. */
    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number a && other instanceof Number b) {
            return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0;
        }
        if (one instanceof List<?> a && other instanceof List<?> b) {
            boolean same = a.size() == b.size();
            for (int i = 0; same && i < a.size(); i++) {
                same = same(a.get(i), b.get(i));
            }
            return same;
        }
        if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
            return a.keySet().equals(b.keySet()) && a.keySet().stream().allMatch(key -> same(a.get(key), b.get(key)));
        }
        return Objects.equals(one, other);
    }
}
