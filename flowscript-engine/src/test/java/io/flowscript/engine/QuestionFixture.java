package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * One question, in one engine to its end, or in another engine after each thing that happens to it: then it is written down, and goes on from
 * there. What is true of the one must be true of the other.
 */
final class QuestionFixture implements AutoCloseable {

    static final Identity ADA = Identity.of("ada");
    static final Identity BOB = Identity.of("bob");
    static final Identity EVE = Identity.of("eve");
    static final Duration LEASE = Duration.ofMinutes(10);

    final ManualClock clock = new ManualClock();
    final Instant start = clock.instant();
    final PauseToken token;

    private final boolean moves;
    private final AtomicLong ids = new AtomicLong();
    private final Consumer<FlowScriptBuilder> settings;
    private final List<RecordedEvent> before = new ArrayList<>();
    private TestEngine engine;
    private Execution run;

    QuestionFixture(boolean moves, Question question) {
        this(moves, question, builder -> {});
    }

    QuestionFixture(boolean moves, Question question, Consumer<FlowScriptBuilder> more) {
        this.moves = moves;
        Node review = Node.named("review")
                .ask(context -> question)
                .answered((context, answer) -> Edge.of(
                        answer.timedOut() ? "timeout" : "answered",
                        answer.data().raw()));
        settings = builder -> {
            builder.workflow(workflow(List.of("review", Map.of("answered", "after", "timeout", "after"))))
                    .node("review", review)
                    .node("after", context -> new Sleep(Duration.ofDays(30_000), 1))
                    .forms(TestEngine.numbers())
                    .ids(() -> "id" + ids.incrementAndGet());
            more.accept(builder);
        };
        engine = new TestEngine(clock, new ManualExecutor(), settings);
        run = engine.start();
        token = run.interactions().get(0).token();
        move();
    }

    /** In another engine from here on, if this is to be so. */
    private void move() {
        if (moves) {
            engine.executor.runAll();
            ExecutionSnapshot snapshot = run.snapshot();
            before.addAll(run.events().read(new Position(null, seen()), 100_000));
            engine.close();
            engine = new TestEngine(clock, new ManualExecutor(), settings);
            run = engine.flows.restore(snapshot);
            engine.executor.runAll();
        }
    }

    private long seen() {
        return before.isEmpty() ? 0 : before.get(before.size() - 1).seq();
    }

    Interactions people() {
        return engine.flows.interactions();
    }

    TestEngine engine() {
        return engine;
    }

    Execution run() {
        return run;
    }

    /** The interaction, open or closed. */
    Interaction now() {
        return people().find(token).orElseThrow();
    }

    Receipt answer(Object answer, Identity by) {
        return answer(answer, new AnswerOptions(by, null, null));
    }

    Receipt answer(Object answer, AnswerOptions options) {
        Receipt receipt = people().answer(token, answer, options);
        engine.executor.runAll();
        move();
        return receipt;
    }

    Interaction claim(Identity by) {
        return claim(by, LEASE);
    }

    Interaction claim(Identity by, Duration lease) {
        Interaction claimed = people().claim(token, by, lease);
        engine.executor.runAll();
        move();
        return claimed;
    }

    Interaction release(Identity by) {
        Interaction released = people().release(token, by);
        engine.executor.runAll();
        move();
        return released;
    }

    Interaction revise(Map<String, ?> shown, Identity by) {
        Interaction revised = people().revise(token, shown, by);
        engine.executor.runAll();
        move();
        return revised;
    }

    /** Time passes, and everything happens that falls due. */
    void advance(Duration duration) {
        advanceUnheard(duration);
        settle();
        move();
    }

    /** Time passes, but no thread has come round to see to what falls due. */
    void advanceUnheard(Duration duration) {
        clock.advance(duration);
    }

    /** Everything that is due happens, as long as there is more of it. */
    void settle() {
        do {
            clock.advance(Duration.ZERO);
        } while (engine.executor.runOne());
    }

    /** What happened since the question was asked, in short. */
    List<String> story() {
        List<RecordedEvent> all = new ArrayList<>(before);
        all.addAll(run.events().read(new Position(null, seen()), 100_000));
        return all.stream()
                .map(event -> TestEngine.inShort(event.event()))
                .skip(4)
                .toList();
    }

    static void refused(String code, ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOf(FlowScriptException.class)
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo(code);
    }

    /** What the node was given. */
    Value outcome() {
        return Value.of(run.snapshot().previous());
    }

    @Override
    public void close() {
        engine.close();
    }
}
