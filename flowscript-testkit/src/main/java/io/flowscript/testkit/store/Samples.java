package io.flowscript.testkit.store;

import io.flowscript.core.Assignment;
import io.flowscript.core.CommandKey;
import io.flowscript.core.Identity;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values in which each field has something to lose. */
@SuppressWarnings("NullAway") // the nullness of type arguments is not in the class files that JDK 17 reads
final class Samples {

    private static final Instant NOW = StoredRun.START;

    /** Nanoseconds: snapshots have them, events have not. */
    private static final Instant EXACT = NOW.plusNanos(123_456_789);

    private static final Assignment ASSIGNED = new Assignment(List.of("ann", "bob"), List.of("managers"));
    private static final Identity ANN = Identity.of("ann", "managers");

    private Samples() {}

    /** {@return JSON values of all kinds, also those that look like others} */
    static Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("null", null);
        values.put("true", true);
        values.put("int", 1);
        values.put("long", 1L);
        values.put("largest", Long.MAX_VALUE);
        values.put("double", 1.0);
        values.put("decimal", new BigDecimal("19.90"));
        values.put("big", BigInteger.TEN.pow(40));
        values.put("text", "a \" \\ \n \u0000 \u00e4 \u2028 \ud83d\ude00");
        values.put("number as text", "1");
        values.put("", "an empty key");
        values.put("list", List.of(1, "two", List.of(), Map.of()));
        values.put("object", Map.of("a.b", Map.of("$", List.of(false))));
        return values;
    }

    /** {@return a workflow with each field} */
    static WorkflowDefinition workflow() {
        return WorkflowDefinition.of(Map.of(
                "id",
                "full",
                "name",
                "Full \u00e4 \ud83d\ude00",
                "description",
                "Each field has a value",
                "initialState",
                Map.of("amount", 250, "tags", List.of("a", "b"), "ready", false),
                "nodes",
                List.of("first", Map.of("approve", Map.of("timeout", "P30D", "yes?", "first")))));
    }

    /** Fills each field of a snapshot that an engine fills. */
    static ExecutionSnapshot.Builder fill(ExecutionSnapshot.Builder snapshot, String executionId, String workflowId) {
        PauseToken token = new PauseToken(executionId, "approve-2", "token-1");
        return snapshot.status(ExecutionStatus.FAILED)
                .position(7)
                .frames(List.of(
                        new ExecutionSnapshot.LoopFrame(1, 3, values(), Map.of("item", 1L)),
                        new ExecutionSnapshot.LoopFrame(4, 1L << 40, null, values())))
                .state(values())
                .previous(values())
                .visit(visit())
                .open(List.of(open(token, workflowId)))
                .closed(List.of(closed(token, workflowId)))
                .commands(List.of(
                        new CommandReceipt(new CommandKey("by ann", "k-1", "digest"), EXACT, null, null),
                        new CommandReceipt(
                                new CommandKey("at 127.0.0.1", "k-2", "digest"),
                                EXACT,
                                token,
                                new Interaction.Claim("ann", EXACT.plusSeconds(600)))))
                .visits(1L << 33)
                .worked(Duration.ofSeconds(12, 345_678_901))
                .result(new ExecutionResult(
                        ExecutionStatus.FAILED,
                        values(),
                        "explicit_exit",
                        "No flow",
                        "unhandled_edge",
                        new WorkflowEvent.Cause("http_status", "503"),
                        "approve-2",
                        EXACT))
                .createdAt(EXACT)
                .lastEventAt(EXACT);
    }

    private static ExecutionSnapshot.Visit visit() {
        return ExecutionSnapshot.Visit.builder()
                .nodeId("approve-2")
                .nodeName("approve")
                .step("s2")
                .attempt(3)
                .startedAt(EXACT)
                .phase(ExecutionSnapshot.Phase.RETRYING)
                .memo(values())
                .answer(new Answer(Value.of(values()), ANN, EXACT, true))
                .wakeAt(EXACT.plusSeconds(60))
                .worked(Duration.ofNanos(987_654_321))
                .writes(List.of(
                        new ExecutionSnapshot.Write("$.a", values(), false),
                        new ExecutionSnapshot.Write("$.b", null, true)))
                .build();
    }

    private static Interaction open(PauseToken token, String workflowId) {
        return Interaction.builder()
                .token(token)
                .workflowId(workflowId)
                .nodeName("approve")
                .step("s2")
                .question(Question.form(Map.of("type", "object"))
                        .hints(Map.of("submitLabel", "OK"))
                        .showing(values())
                        .defaults(Map.of("decision", "approved"))
                        .within(Duration.ofDays(30))
                        .assigned(ASSIGNED)
                        .notBy("eve")
                        .remind(Duration.ofDays(3), Duration.ofDays(6))
                        .escalate(Duration.ofDays(10), new Assignment(List.of(), List.of("board")))
                        .decidedBy(new Quorum("decision", Map.of("approved", 2, "rejected", 1)))
                        .because("needs a manager")
                        .cancellable())
                .seq(5)
                .requestedAt(EXACT)
                .deadline(EXACT.plus(Duration.ofDays(30)))
                .assignment(ASSIGNED)
                .status(Interaction.Status.CLAIMED)
                .schedule(List.of(
                        new Interaction.Due(EXACT.plus(Duration.ofDays(3)), null),
                        new Interaction.Due(EXACT.plus(Duration.ofDays(10)), ASSIGNED)))
                .claim(new Interaction.Claim("ann", EXACT.plusSeconds(600)))
                .replies(List.of(new Interaction.Reply(ANN, EXACT, "key-1", values())))
                .shownBefore(List.of(values(), Map.of()))
                .history(List.of(new Interaction.Change(EventType.HUMAN_INPUT_CLAIMED, EXACT, "ann")))
                .seenBy(List.of("ann", "bob"))
                .build();
    }

    private static Interaction closed(PauseToken token, String workflowId) {
        return Interaction.builder()
                .token(new PauseToken(token.executionId(), "approve-1", "token-0"))
                .workflowId(workflowId)
                .nodeName("approve")
                .requestedAt(NOW)
                .status(Interaction.Status.ANSWERED)
                .replies(List.of(new Interaction.Reply(null, EXACT, null, null)))
                .history(List.of(new Interaction.Change(EventType.of("app:own"), EXACT, null)))
                .closedAt(EXACT)
                .build();
    }

    /** {@return events of each type, with each field and without those that may be missing} */
    static List<Event> events() {
        HumanEvent.Info full = new HumanEvent.Info(
                "approve",
                Map.of("type", "object"),
                Map.of("submitLabel", "OK"),
                values(),
                Map.of("decision", "approved"),
                NOW,
                NOW.plus(Duration.ofDays(30)),
                ASSIGNED,
                Map.of("field", "decision", "needed", Map.of("approved", 2)));
        HumanEvent.Info least =
                new HumanEvent.Info("approve", null, null, null, null, NOW, null, Assignment.ANYBODY, null);
        return List.of(
                new WorkflowEvent.Started("full", "0a".repeat(32), values()),
                new WorkflowEvent.Started("full", null, null),
                new WorkflowEvent.Paused("approve-2", "approve", "t1", "needs a manager"),
                new WorkflowEvent.Paused("approve-2", "approve", "t1", null),
                new WorkflowEvent.Resumed("approve-2", "approve", "t1", values()),
                new WorkflowEvent.Resumed("approve-2", "approve", "t1", null),
                new NodeEvent.Executing("x-1", "x", "action", 2, "s0"),
                new NodeEvent.Executing("x-1", "x", "action", 2, null),
                new NodeEvent.Completed("x-1", "x", "paid", values(), Duration.ofNanos(12_345_678)),
                new NodeEvent.Completed("x-1", "x", "done", null, Duration.ZERO),
                new NodeEvent.Failed("x-1", "x", "No answer", "node_timeout", 2, true),
                new HumanEvent.InputRequired("approve-2", "t1", full),
                new HumanEvent.InputRequired("approve-2", "t1", least),
                new HumanEvent.InputReceived("approve-2", "approve", "t1", "ann"),
                new HumanEvent.InputReceived("approve-2", "approve", "t1", null),
                new HumanEvent.InputTimeout("approve-2", "approve", "t1", "deadline"),
                new HumanEvent.InputClaimed("approve-2", "approve", "t1", "ann", NOW),
                new HumanEvent.InputReleased("approve-2", "approve", "t1", "ann", true),
                new HumanEvent.InputVoted("approve-2", "approve", "t1", "ann", 1),
                new HumanEvent.InputRevised("approve-2", "approve", "t1", values(), "bob"),
                new HumanEvent.InputReminded("approve-2", "approve", "t1"),
                new HumanEvent.InputEscalated("approve-2", "approve", "t1", ASSIGNED),
                new StateUpdated("$.a", values()),
                new StateUpdated("$.a", null),
                new CustomEvent(EventType.of("order:packed"), "x-1", "x", values(), "key"),
                new CustomEvent(EventType.of("order:packed"), null, null, null, null),
                new WorkflowEvent.Failed("It broke", "node_failed", null, null, null),
                new WorkflowEvent.Failed(
                        "No flow", "unhandled_edge", "x-1", "x", new WorkflowEvent.Cause("http_status", "503")),
                new WorkflowEvent.Cancelled("not needed any more", "ann"),
                new WorkflowEvent.Cancelled(null, null),
                new WorkflowEvent.Completed(Map.of(), null),
                new WorkflowEvent.Completed(values(), "explicit_exit"));
    }
}
