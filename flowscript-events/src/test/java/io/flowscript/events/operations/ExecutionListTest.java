package io.flowscript.events.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.operations.Operations.ExecutionCount;
import io.flowscript.events.operations.Operations.ExecutionPage;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("A list of executions costs the same, however many there are and however few match")
class ExecutionListTest {

    private static final int MANY = 5_000;
    private static final int MOST_LOOKED_AT = 2_000;

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private final FlowScript flows = FlowScript.builder()
            .clock(clock)
            .executor(executor)
            .engineExecutor(executor)
            .node("fine", context -> Edge.of("done"))
            .node("fails", context -> {
                throw new IllegalStateException("no");
            })
            .workflow(WorkflowDefinition.of(Map.of("id", "fine", "nodes", List.of("fine"))))
            .workflow(WorkflowDefinition.of(Map.of("id", "fails", "nodes", List.of("fails"))))
            .build();
    private final Operations operations = operations((who, action, workflow, execution) -> {
        asked.incrementAndGet();
        return true;
    });

    private Operations operations(AccessPolicy policy) {
        return Operations.builder(flows).accessPolicy(policy).build();
    }

    @BeforeEach
    void begin() {
        flows.start("fails", Map.of(), "the-failed-one");
        for (int i = 0; i < MANY; i++) {
            flows.start("fine", Map.of(), "fine-" + i);
        }
        executor.runAll();
    }

    @AfterEach
    void end() {
        operations.close();
        flows.close();
    }

    @Test
    void aPageLooksAtSoManyAndGivesTheCursorToGoOn() {
        List<String> found = new ArrayList<>();
        int pages = 0;
        ExecutionPage page = page(operations, ExecutionStatus.FAILED, null, null);
        assertThat(page.executions()).isEmpty();
        assertThat(page.next()).isEqualTo(after("fine-" + (MANY - MOST_LOOKED_AT)));
        while (true) {
            pages++;
            page.executions().forEach(execution -> found.add(execution.id()));
            if (page.next() == null) {
                break;
            }
            page = page(operations, ExecutionStatus.FAILED, null, page.next());
        }
        assertThat(found).containsExactly("the-failed-one");
        assertThat(pages).isEqualTo(1 + MANY / MOST_LOOKED_AT);
        assertThat(asked).as("the policy is asked only about what matches").hasValue(1);
    }

    /** The cursor that goes on after an execution. */
    private String after(String id) {
        return Long.toString(flows.executions().find(id).orElseThrow().number(), Character.MAX_RADIX);
    }

    @Test
    void theSameForAWorkflow() {
        ExecutionPage page = page(operations, null, "fails", null);
        assertThat(page.executions()).isEmpty();
        assertThat(page.next()).isEqualTo(after("fine-" + (MANY - MOST_LOOKED_AT)));
    }

    @Test
    void theSameForWhatIsHidden() {
        AtomicInteger hidden = new AtomicInteger();
        try (Operations blind = operations((who, action, workflow, execution) -> {
            hidden.incrementAndGet();
            return false;
        })) {
            assertThat(page(blind, null, null, null).executions()).isEmpty();
        }
        assertThat(hidden).hasValue(MOST_LOOKED_AT);
    }

    @Test
    void everyExecutionIsOnOnePage() {
        List<String> found = new ArrayList<>();
        String cursor = null;
        do {
            ExecutionPage page = operations.executions(Identity.ANONYMOUS, ExecutionFilter.ALL, cursor, 777);
            page.executions().stream().map(Execution::id).forEach(found::add);
            cursor = page.next();
        } while (cursor != null);
        assertThat(found).hasSize(MANY + 1).doesNotHaveDuplicates().endsWith("fine-0", "the-failed-one");
    }

    @Test
    void severalStatusesAndATextAreLookedForAtOnce() {
        flows.start("fine", Map.of(), "not-run-yet");
        ExecutionFilter both = ExecutionFilter.ALL.having(ExecutionStatus.PENDING, ExecutionStatus.FAILED);
        assertThat(all(both)).containsExactly("not-run-yet", "the-failed-one");
        assertThat(all(text("FINE-49"))).hasSize(111).startsWith("fine-4999").endsWith("fine-49");
        assertThat(all(text("fails"))).as("the workflow's id").containsExactly("the-failed-one");
        assertThat(all(text("nothing"))).isEmpty();
    }

    @Test
    void aSpanOfTimeIsFoundAtOnce() {
        Instant middle = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        flows.start("fine", Map.of(), "one");
        clock.advance(Duration.ofMinutes(1));
        flows.start("fine", Map.of(), "two");
        Instant last = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < MANY; i++) {
            flows.start("fine", Map.of(), "later-" + i);
        }
        asked.set(0);
        ExecutionFilter between = new ExecutionFilter(null, Set.of(), null, middle.plusMillis(1), last);
        ExecutionPage page = operations.executions(Identity.ANONYMOUS, between, null, 100);
        assertThat(page.executions()).extracting(Execution::id).containsExactly("one");
        assertThat(page.next()).isNull();
        assertThat(asked).as("later ones are passed over").hasValue(1);
        assertThat(all(new ExecutionFilter(null, Set.of(), null, middle.plusMillis(1), last.plusMillis(1))))
                .as("the end is excluded, the beginning included")
                .containsExactly("two", "one");
        assertThat(all(new ExecutionFilter(null, Set.of(), null, last, last.plusMillis(1))))
                .containsExactly("two");
        assertThat(all(new ExecutionFilter(null, Set.of(), null, null, Instant.MIN)))
                .isEmpty();
        assertThat(all(new ExecutionFilter(null, Set.of(), null, Instant.MAX, null)))
                .isEmpty();
    }

    @Test
    @DisplayName("a cursor names no execution, so it tells of none that one may not see; another text is refused")
    void cursorsNameNoExecution() {
        try (Operations blind = operations((who, action, workflow, execution) -> execution == null)) {
            ExecutionPage page = blind.executions(Identity.ANONYMOUS, ExecutionFilter.ALL, null, 10);
            assertThat(page.executions()).isEmpty();
            assertThat(page.next()).isNotNull().doesNotContain("fine", "-");
            assertThat(flows.executions().find(page.next())).isEmpty();
            for (String none : List.of("fine-1", "no such one", "x".repeat(100))) {
                assertThatThrownBy(() -> blind.executions(Identity.ANONYMOUS, ExecutionFilter.ALL, none, 10))
                        .isInstanceOfSatisfying(
                                OperationException.class,
                                e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.INVALID_MESSAGE));
            }
        }
    }

    @Test
    void countingIsExactForThoseWhoSeeAll() {
        try (Operations open = operations(AccessPolicy.EVERYONE)) {
            ExecutionCount count = open.count(Identity.ANONYMOUS, ExecutionFilter.ALL);
            assertThat(count)
                    .isEqualTo(new ExecutionCount(
                            MANY + 1, true, Map.of(ExecutionStatus.COMPLETED, 5_000L, ExecutionStatus.FAILED, 1L)));
            flows.start("fine", Map.of(), "one-more");
            assertThat(open.count(Identity.ANONYMOUS, ExecutionFilter.ALL))
                    .as("the same numbers for a second, whoever asks how often")
                    .isEqualTo(count);
            clock.advance(Duration.ofSeconds(1));
            assertThat(open.count(Identity.ANONYMOUS, ExecutionFilter.ALL).value())
                    .isEqualTo(MANY + 2);
            ExecutionFilter failed = ExecutionFilter.ALL.ofWorkflow("fails").having(ExecutionStatus.FAILED);
            assertThat(open.count(Identity.ANONYMOUS, failed))
                    .isEqualTo(new ExecutionCount(1, true, Map.of(ExecutionStatus.FAILED, 1L)));
        }
    }

    @Test
    void countingLooksAtSoManyForOthers() {
        ExecutionCount count = operations.count(Identity.ANONYMOUS, ExecutionFilter.ALL);
        assertThat(count).isEqualTo(new ExecutionCount(MOST_LOOKED_AT, false, Map.of(ExecutionStatus.COMPLETED, (long)
                MOST_LOOKED_AT)));
        assertThat(asked).hasValue(MOST_LOOKED_AT);
        assertThat(operations.count(Identity.ANONYMOUS, text("fine-499")))
                .isEqualTo(new ExecutionCount(10, false, Map.of(ExecutionStatus.COMPLETED, 10L)));
    }

    @Test
    @DisplayName("figures of the whole engine are for those whom the policy lets observe")
    void figuresAreForObservers() {
        try (Operations some = operations((who, action, workflow, execution) ->
                who.name().equals("ann") == (action == AccessPolicy.Action.OBSERVE))) {
            assertThat(some.countAll(Identity.of("ann")).value()).isEqualTo(MANY + 1);
            assertThat(some.count(Identity.of("ann"), ExecutionFilter.ALL).value())
                    .as("what she may not see one by one")
                    .isZero();
            assertThatThrownBy(() -> some.countAll(Identity.of("bob")))
                    .isInstanceOfSatisfying(
                            OperationException.class,
                            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.FORBIDDEN));
        }
    }

    @Test
    @Tag("slow")
    @DisplayName("100,000 executions: a request looks at 2,000, and the count is whole")
    void manyMore() {
        for (int i = MANY; i < 100_000; i++) {
            flows.start("fine", Map.of(), "fine-" + i);
        }
        asked.set(0);
        ExecutionPage first = operations.executions(Identity.ANONYMOUS, text("fine-77"), null, 100);
        assertThat(first.executions()).isEmpty();
        assertThat(asked).as("the policy is asked only about what matches").hasValue(0);
        int pages = 1;
        List<String> found = new ArrayList<>();
        for (String cursor = first.next(); cursor != null; pages++) {
            ExecutionPage page = operations.executions(Identity.ANONYMOUS, text("fine-77"), cursor, 1_000);
            page.executions().stream().map(Execution::id).forEach(found::add);
            cursor = page.next();
        }
        assertThat(found).hasSize(1_111);
        assertThat(pages).isEqualTo(100_000 / MOST_LOOKED_AT + 1);
        try (Operations open = operations(AccessPolicy.EVERYONE)) {
            assertThat(open.count(Identity.ANONYMOUS, ExecutionFilter.ALL))
                    .extracting(ExecutionCount::value, ExecutionCount::exact)
                    .containsExactly(100_001L, true);
        }
    }

    private static ExecutionFilter text(String text) {
        return new ExecutionFilter(null, Set.of(), text, null, null);
    }

    private List<String> all(ExecutionFilter filter) {
        List<String> found = new ArrayList<>();
        String cursor = null;
        do {
            ExecutionPage page = operations.executions(Identity.ANONYMOUS, filter, cursor, 1_000);
            page.executions().stream().map(Execution::id).forEach(found::add);
            cursor = page.next();
        } while (cursor != null);
        return found;
    }

    private static ExecutionPage page(
            Operations operations,
            @Nullable ExecutionStatus status,
            @Nullable String workflow,
            @Nullable String cursor) {
        ExecutionFilter filter =
                new ExecutionFilter(workflow, status == null ? Set.of() : Set.of(status), null, null, null);
        return operations.executions(Identity.ANONYMOUS, filter, cursor, 100);
    }
}
