package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Retention;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.testsupport.Interleavings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people and time do to one question at once looks as if they had done it one after the other. */
@Tag("slow")
public class InteractionLincheckTest {

    private final OneAlarm clock = new OneAlarm();
    private final FlowScript flows;
    private final PauseToken token;

    public InteractionLincheckTest() {
        AtomicInteger ids = new AtomicInteger();
        Node asks = context -> context.answer() == null
                ? Question.open().within(Duration.ofMinutes(1)).ask()
                : Edge.of("answered");
        flows = new Engine(
                Map.of("asks", asks),
                null,
                null,
                Instant::plus,
                clock,
                Runnable::run,
                Runnable::run,
                EngineLimits.defaults(),
                Retention.defaults(),
                () -> "id" + ids.incrementAndGet(),
                FlowScriptObserver.NONE,
                FlowScriptTracer.NONE,
                null);
        flows.register(TestEngine.workflow("asks"));
        token = flows.start("w", Map.of()).interactions().get(0).token();
    }

    @Operation
    public String answer() {
        Receipt receipt = flows.interactions().answer(token, true, AnswerOptions.by(Identity.of("ada")));
        return receipt.code();
    }

    @Operation
    public String claim() {
        try {
            return flows.interactions()
                    .claim(token, Identity.of("bob"), Duration.ofDays(1))
                    .status()
                    .name();
        } catch (FlowScriptException e) {
            return e.code();
        }
    }

    @Operation
    public String release() {
        try {
            return flows.interactions()
                    .release(token, Identity.of("bob"))
                    .status()
                    .name();
        } catch (FlowScriptException e) {
            return e.code();
        }
    }

    @Operation
    public String revise() {
        try {
            return flows.interactions()
                    .revise(token, Map.of("amount", 2), null)
                    .status()
                    .name();
        } catch (FlowScriptException e) {
            return e.code();
        }
    }

    @Operation
    public void deadline() {
        clock.pass();
    }

    /** The least that is a clock: two minutes pass at once, and the alarm that was set last rings. */
    private static final class OneAlarm implements EngineClock {

        private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

        private volatile boolean passed;
        private volatile @Nullable Runnable alarm;

        void pass() {
            passed = true;
            Runnable rings = alarm;
            if (rings != null) {
                rings.run();
            }
        }

        @Override
        public Instant instant() {
            return passed ? START.plusSeconds(120) : START;
        }

        @Override
        public long nanoTime() {
            return Duration.between(START, instant()).toNanos();
        }

        @Override
        public Timer schedule(Instant at, Runnable work) {
            alarm = work;
            return () -> {};
        }

        @Override
        public Timer schedule(Duration after, Runnable work) {
            alarm = work;
            return () -> {};
        }
    }

    @Test
    @DisplayName("I6: answer, claim, release and deadline are linearizable (model checking)")
    void modelChecked() {
        Interleavings.modelCheckLarge(getClass());
    }
}
