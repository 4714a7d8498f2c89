package io.flowscript.events.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.links.AnswerLink;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OperationsTest {

    private static final Sender ANN = new Sender(Identity.of("ann"), "here");
    private static final String HIDDEN = "hidden";

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final FlowScript flows = FlowScript.builder()
            .clock(clock)
            .executor(executor)
            .engineExecutor(executor)
            .limits(EngineLimits.defaults().maxExecutions(3).maxStateBytes(10_000))
            .forms(OperationsTest::integerForm)
            .node(Node.named("ask")
                    .edges("done")
                    .ask(context -> Question.form(Map.of("type", "integer")).within(Duration.ofDays(1)))
                    .answered((context, answer) -> Edge.of("done")))
            .workflow(WorkflowDefinition.of(Map.of("id", "ask", "nodes", List.of("ask"))))
            .build();
    private final AnswerLinks links = AnswerLinks.signedWith(new byte[32]);
    private final Operations operations = Operations.builder(flows).build();

    private static FormValidator.Form integerForm(Object schema) {
        return answer ->
                answer instanceof Integer ? List.of() : List.of(new Violation("$", "type", "must be an integer"));
    }

    @Test
    void receiptsOutOfRangeAreRefused() {
        Operations.Builder builder = Operations.builder(flows);
        for (ThrowingCallable wrong : List.<ThrowingCallable>of(
                () -> builder.receipts(-1, 0, Duration.ofHours(1)),
                () -> builder.receipts(0, -1, Duration.ofHours(1)),
                () -> builder.receipts(0, 0, Duration.ZERO))) {
            assertThatThrownBy(wrong)
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_setting"));
        }
    }

    @AfterEach
    void close() {
        operations.close();
        flows.close();
    }

    private Interaction ask(String id) {
        Execution execution = flows.start("ask", Map.of(), id);
        executor.runAll();
        return execution.interactions().get(0);
    }

    private static ClientMessage.Resume answer(String executionId, @Nullable Object data, @Nullable String id) {
        return new ClientMessage.Resume(id, executionId, "ask-1", null, data, null);
    }

    private static ClientMessage.Execute execute(Map<String, @Nullable Object> input, @Nullable String executionId) {
        return new ClientMessage.Execute(null, "ask", input, executionId);
    }

    private static OperationException refused(ThrowingCallable operation) {
        OperationException refused = catchThrowableOfType(OperationException.class, operation);
        assertThat(refused).isNotNull();
        return refused;
    }

    /** Everything that can be asked about one execution, which asks one thing. */
    private static Map<String, ThrowingCallable> about(Operations operations, String id) {
        Map<String, ThrowingCallable> all = new LinkedHashMap<>();
        all.put("see", () -> operations.execution(ANN.who(), id));
        all.put("cancel", () -> operations.cancel(ANN, new ClientMessage.Cancel(null, id, null)));
        all.put("answer", () -> operations.answer(ANN, answer(id, 1, null)));
        all.put("claim", () -> operations.claim(ANN, new ClientMessage.Claim(null, id, "ask-1", null, null)));
        all.put("release", () -> operations.release(ANN, new ClientMessage.Release(null, id, "ask-1", null)));
        all.put("acknowledge", () -> operations.acknowledge(ANN.who(), id, Position.after(1)));
        all.put("show", () -> operations.interaction(ANN.who(), id, "t"));
        return all;
    }

    @Test
    @DisplayName("F30: what one may not see and what does not exist look alike, whatever is asked")
    void whatOneMayNotSeeLooksLikeNothing() {
        ask(HIDDEN);
        Operations blind = Operations.builder(flows)
                .accessPolicy((who, action, workflow, execution) -> false)
                .build();
        Map<String, ThrowingCallable> nothing = about(blind, "nothing");
        about(blind, HIDDEN).forEach((what, operation) -> {
            OperationException hidden = refused(operation);
            OperationException none = refused(nothing.get(what));
            assertThat(hidden.errorCode()).as(what).isEqualTo(none.errorCode());
            assertThat(hidden.getMessage()).as(what).isEqualTo(none.getMessage());
            assertThat(hidden.details()).isEqualTo(none.details());
        });
        assertThat(blind.workflows(ANN.who())).isEmpty();
        assertThat(blind.executions(ANN.who(), ExecutionFilter.ALL, null, 10).executions())
                .isEmpty();
        assertThat(blind.interactions(ANN.who(), InboxQuery.OPEN, null, 10).interactions())
                .isEmpty();
        assertThat(blind.count(ANN.who(), InboxQuery.OPEN).value()).isZero();
        assertThat(refused(() -> blind.start(ANN, execute(Map.of(), null))).errorCode())
                .isEqualTo(ErrorCode.WORKFLOW_NOT_FOUND);
        assertThat(flows.executions()
                        .find(HIDDEN)
                        .orElseThrow()
                        .interactions()
                        .get(0)
                        .isOpen())
                .isTrue();
        blind.close();
    }

    @Test
    void whatOneMaySeeButNotDoIsForbidden() {
        Interaction asked = ask("run");
        Operations watching = Operations.builder(flows)
                .accessPolicy((who, action, workflow, execution) -> action == Action.VIEW)
                .build();
        for (String what : List.of("cancel", "answer", "claim", "release")) {
            assertThat(refused(about(watching, "run").get(what)).errorCode())
                    .as(what)
                    .isEqualTo(ErrorCode.FORBIDDEN);
        }
        assertThat(refused(() -> watching.start(ANN, execute(Map.of(), null))).errorCode())
                .isEqualTo(ErrorCode.FORBIDDEN);
        String link = links.sign(AnswerLink.to(asked, ANN.who(), clock.instant().plus(Duration.ofHours(1))));
        assertThat(watching.openLink(links, link).interaction()).isEqualTo(asked);
        assertThat(refused(() -> watching.answerLink(links, link, Value.of(1), null))
                        .errorCode())
                .isEqualTo(ErrorCode.FORBIDDEN);
        watching.close();
    }

    @Test
    @DisplayName("I7: a policy that fails permits nothing, and nothing of it is shown")
    void aPolicyThatFailsPermitsNothing() {
        ask("run");
        AccessPolicy broken = (who, action, workflow, execution) -> {
            throw new IllegalStateException("no database");
        };
        Operations guarded = Operations.builder(flows).accessPolicy(broken).build();
        about(guarded, "run")
                .values()
                .forEach(operation -> assertThat(refused(operation))
                        .hasMessageNotContaining("database")
                        .extracting(refused -> refused.errorCode().httpStatus())
                        .isEqualTo(404));
        guarded.close();
    }

    @Test
    @DisplayName("Each code that the engine can throw at a request is one that a client is sent")
    void theEnginesCodesAreKnown() {
        Interaction asked = ask("run");
        Map<String, @Nullable Object> large = Map.of("text", "x".repeat(20_000));
        String expired =
                links.sign(AnswerLink.to(asked, ANN.who(), clock.instant().plusMillis(1)));
        clock.advance(Duration.ofSeconds(1));
        Map<ThrowingCallable, ErrorCode> expected = new LinkedHashMap<>();
        expected.put(() -> operations.start(ANN, execute(Map.of(), "a/b")), ErrorCode.INVALID_MESSAGE);
        expected.put(() -> operations.start(ANN, execute(Map.of(), "run")), ErrorCode.EXECUTION_EXISTS);
        expected.put(() -> operations.start(ANN, execute(large, null)), ErrorCode.MESSAGE_TOO_LARGE);
        expected.put(
                () -> operations.start(ANN, new ClientMessage.Execute(null, "none", Map.of(), null)),
                ErrorCode.WORKFLOW_NOT_FOUND);
        expected.put(
                () -> operations.start(ANN, new ClientMessage.Execute("k".repeat(257), "ask", Map.of(), null)),
                ErrorCode.INVALID_MESSAGE);
        expected.put(() -> operations.answer(ANN, answer("run", 1, "k".repeat(257))), ErrorCode.INVALID_MESSAGE);
        expected.put(
                () -> operations.answer(ANN, new ClientMessage.Resume(null, "run", null, null, 1, null)),
                ErrorCode.INVALID_MESSAGE);
        expected.put(
                () -> operations.claim(ANN, new ClientMessage.Claim(null, "run", "ask-1", null, Duration.ofDays(99))),
                ErrorCode.INVALID_MESSAGE);
        expected.put(
                () -> operations.executions(ANN.who(), ExecutionFilter.ALL, null, 5_000), ErrorCode.INVALID_MESSAGE);
        expected.put(() -> operations.interactions(ANN.who(), InboxQuery.OPEN, null, 5_000), ErrorCode.INVALID_MESSAGE);
        expected.put(
                () -> operations.interactions(ANN.who(), InboxQuery.OPEN, "not a cursor", 5),
                ErrorCode.INVALID_MESSAGE);
        expected.put(() -> operations.openLink(links, "not a link"), ErrorCode.INVALID_LINK);
        expected.put(() -> operations.openLink(links, expired), ErrorCode.LINK_EXPIRED);
        expected.put(
                () -> {
                    for (int i = 0; i < 4; i++) {
                        operations.start(ANN, execute(Map.of(), null));
                    }
                },
                ErrorCode.TOO_MANY_EXECUTIONS);
        expected.forEach(
                (operation, code) -> assertThat(refused(operation).errorCode()).isEqualTo(code));

        flows.close();
        assertThat(refused(() -> operations.start(ANN, execute(Map.of(), null))).errorCode())
                .isEqualTo(ErrorCode.SERVER_CLOSING);
        operations.close();
        assertThat(refused(() -> operations.count(ANN.who(), InboxQuery.OPEN)).errorCode())
                .isEqualTo(ErrorCode.SERVER_CLOSING);
    }

    @Test
    @DisplayName("I7: what breaks inside is not shown outside")
    void nothingOfItsInsideIsShown() {
        OperationException broken = OperationException.of(new IllegalStateException("secret"));
        OperationException unknown = OperationException.of(new FlowScriptException("unwritable_file", "secret"));
        OperationException full = OperationException.of(new FlowScriptException("too_many_executions", "secret"));

        assertThat(List.of(broken, unknown, full))
                .allSatisfy(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        assertThat(broken.errorCode()).isEqualTo(unknown.errorCode()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(broken).hasRootCauseMessage("secret");
        assertThat(OperationException.of(full)).isSameAs(full);
    }

    @Test
    void whoDidNotAnswerFirstIsToldWhoDid() {
        ask("run");
        operations.answer(ANN, answer("run", 1, "k"));
        assertThat(operations.answer(ANN, answer("run", 1, "k")).closes()).isTrue();

        OperationException conflict = refused(() -> operations.answer(ANN, answer("run", 2, "k")));
        assertThat(conflict.errorCode()).isEqualTo(ErrorCode.IDEMPOTENCY_CONFLICT);
        OperationException late =
                refused(() -> operations.answer(new Sender(Identity.of("bob"), "here"), answer("run", 2, null)));
        assertThat(late.errorCode()).isEqualTo(ErrorCode.ALREADY_RESOLVED);
        assertThat(late.details()).containsEntry("by", "ann").containsEntry("at", clock.instant());
    }

    @Test
    void whoDidNotClaimFirstIsToldWhoDid() {
        ask("run");
        Operations.Claimed claimed =
                operations.claim(ANN, new ClientMessage.Claim(null, "run", "ask-1", null, Duration.ofMinutes(5)));

        OperationException refused =
                refused(() -> operations.answer(new Sender(Identity.of("bob"), "here"), answer("run", 2, null)));
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.ALREADY_CLAIMED);
        assertThat(refused.details()).containsEntry("claim", claimed.claim());
    }

    @Test
    @DisplayName("Every receipt but an accepted one has its code, its sentence and what it tells")
    void everyReceiptHasItsRefusal() {
        PauseToken token = new PauseToken("e", "ask-1", "t");
        Instant at = clock.instant();
        Map<Receipt, List<String>> receipts = new LinkedHashMap<>();
        receipts.put(
                new Receipt.Invalid(token, List.of(new Violation("$", "type", "is wrong"))), List.of("violations"));
        receipts.put(new Receipt.AlreadyResolved(token, Identity.of("ann"), at), List.of("by", "at"));
        receipts.put(new Receipt.Expired(token, at), List.of("at"));
        receipts.put(new Receipt.Cancelled(token, at), List.of("at"));
        receipts.put(new Receipt.Forbidden(token, "forbidden", "No"), List.of("claim"));
        receipts.put(
                new Receipt.Stale(token, Map.of("a", 1), Map.of("a", 2), "0".repeat(64)),
                List.of("contextData", "contextHash", "seenData", "changes"));
        receipts.put(new Receipt.NotFound(), List.of());
        receipts.put(new Receipt.Conflict(token), List.of());
        Set<Class<?>> kinds = new HashSet<>(Set.of(Receipt.Accepted.class));
        receipts.forEach((receipt, details) -> {
            kinds.add(receipt.getClass());
            OperationException refusal = Refusals.of(receipt, flows.interactions(), "idempotency key", Redaction.NONE);
            assertThat(refusal.errorCode().id()).isEqualTo(receipt.code());
            assertThat(refusal.getMessage()).isNotBlank();
            assertThat(refusal.details().keySet()).containsExactlyElementsOf(details);
        });
        assertThat(kinds).isEqualTo(new HashSet<>(Arrays.asList(Receipt.class.getPermittedSubclasses())));
    }
}
