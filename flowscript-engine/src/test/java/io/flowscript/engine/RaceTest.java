package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What must hold whatever comes when. */
@Tag("slow")
class RaceTest {

    private static final int ROUNDS = 10_000;

    @Test
    @DisplayName(
            "I3, I1: exactly one last event, whatever the workflow, the schedule, and what comes in between; 10,000 rounds")
    void oneLastEvent() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            try {
                round(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("Seed " + seed, e);
            }
        }
    }

    private static void round(long seed) {
        Random random = new Random(seed);
        ManualClock clock = new ManualClock();
        ManualExecutor executor = new ManualExecutor(seed);
        List<CompletableFuture<Outcome>> slow = new ArrayList<>();
        WorkflowDefinition definition = workflow(sequence(random, 3).toArray());
        FlowScriptBuilder builder = FlowScript.builder()
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .workflow(definition)
                .limits(EngineLimits.defaults()
                        .maxSteps(60)
                        .executionTimeout(Duration.ofMinutes(3))
                        .maxOpenInteractions(2));
        nodes(builder, random, slow);
        try (FlowScript flows = builder.build()) {
            Execution run = flows.start("w", Map.of());
            List<PauseToken> tokens = new ArrayList<>();
            for (int i = 0; i < 400 && !run.status().isEnded(); i++) {
                run.interactions().forEach(question -> tokens.add(question.token()));
                disturb(random, flows, run, clock, executor, slow, tokens);
                check(run);
            }
            run.cancel("time is up", null);
            executor.runAll();
            check(run);
            assertThat(run.status().isEnded()).isTrue();
            assertThat(run.events().isEnded()).isTrue();
            assertThat(run.result()).isCompleted();
            assertThat(run.interactions()).isEmpty();
            List<RecordedEvent> events = TestEngine.events(run);
            assertThat(events.stream().filter(event -> event.event().isTerminal()))
                    .hasSize(1);
            assertThat(events.get(events.size() - 1).event().isTerminal()).isTrue();
            slow.forEach(future -> future.complete(Edge.of("late")));
            tokens.forEach(token -> flows.interactions().answer(token, 1, AnswerOptions.NONE));
            executor.runAll();
            assertThat(TestEngine.events(run)).isEqualTo(events);
        }
    }

    private static void disturb(
            Random random,
            FlowScript flows,
            Execution run,
            ManualClock clock,
            ManualExecutor executor,
            List<CompletableFuture<Outcome>> slow,
            List<PauseToken> tokens) {
        switch (random.nextInt(12)) {
            case 0 -> clock.advance(Duration.ofSeconds(random.nextInt(40)));
            case 1, 2 -> {
                if (!slow.isEmpty()) {
                    CompletableFuture<Outcome> one = slow.get(random.nextInt(slow.size()));
                    if (random.nextInt(5) == 0) {
                        one.completeExceptionally(new FlowScriptException("chance", "slow"));
                    } else {
                        one.complete(Edge.of("ok"));
                    }
                }
            }
            case 3, 4, 5 -> {
                if (!tokens.isEmpty()) {
                    Receipt receipt = flows.interactions()
                            .answer(tokens.get(random.nextInt(tokens.size())), random.nextInt(3), AnswerOptions.NONE);
                    assertThat(receipt).isNotInstanceOf(Receipt.NotFound.class);
                }
            }
            case 6 -> {
                if (random.nextInt(30) == 0) {
                    run.cancel("random", Identity.of("chance"));
                }
            }
            default -> executor.runOne();
        }
    }

    /** Numbers without a hole, times that never go back, the first and the last event in their places. */
    private static void check(Execution run) {
        List<RecordedEvent> events = TestEngine.events(run);
        assertThat(run.snapshot().seq()).isEqualTo(events.size());
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i).event();
            if (events.get(i).seq() != i + 1
                    || (i > 0 && events.get(i).time().isBefore(events.get(i - 1).time()))
                    || (i == 0) != (event instanceof WorkflowEvent.Started)
                    || (event.isTerminal() && i != events.size() - 1)
                    || (event.isTerminal() && !run.status().isEnded())) {
                throw new AssertionError("Event " + i + " of " + story(run));
            }
        }
    }

    private static List<Object> sequence(Random random, int depth) {
        List<Object> elements = new ArrayList<>();
        int length = 1 + random.nextInt(3);
        for (int i = 0; i < length; i++) {
            elements.add(element(random, depth));
        }
        return elements;
    }

    private static Object element(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 10 : 7);
        return switch (kind) {
            case 0, 1 -> "ask";
            case 2 -> "slow";
            case 3 -> "nap";
            case 4 -> "fails";
            case 5 -> "pauses";
            case 6 -> random.nextInt(8) == 0 ? "exits" : "ok";
            case 7 -> Arrays.asList("fails", Map.of("error", sequence(random, depth - 1), "ok", "nap"));
            case 8 -> Arrays.asList("slow", Map.of("timeout", sequence(random, depth - 1), "error", "ask"));
            default -> Arrays.asList("loop", sequence(random, depth - 1));
        };
    }

    private static void nodes(FlowScriptBuilder builder, Random random, List<CompletableFuture<Outcome>> slow) {
        builder.node("ok", context -> {
                    context.state().set("n", context.attempt());
                    context.runtime().emit("app:ok", 1);
                    return Edge.of("ok", 1);
                })
                .node("exits", context -> Edge.of("exit"))
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.open().within(Duration.ofSeconds(50)).ask(1)
                                : Edge.of("ok", context.answer().data()))
                .node(
                        "nap",
                        context -> context.memo().isMissing() ? new Sleep(Duration.ofSeconds(20), 1) : Edge.of("ok"))
                .node(Node.named("slow")
                        .timeout(Duration.ofSeconds(45))
                        .retry(RetryPolicy.fixed(2, Duration.ofSeconds(5)))
                        .async(context -> {
                            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
                            slow.add(outcome);
                            return outcome;
                        }))
                .node(Node.named("fails")
                        .retry(RetryPolicy.fixed(2, Duration.ofSeconds(5)))
                        .run(context -> {
                            if (random.nextBoolean()) {
                                throw new FlowScriptException("chance", "By chance");
                            }
                            return Edge.of("ok");
                        }))
                .node("pauses", Node.async(context -> {
                    PauseToken one = context.runtime().pause();
                    PauseToken two = context.runtime().pause(Question.open().within(Duration.ofSeconds(30)));
                    return context.runtime()
                            .waitForResume(one)
                            .thenCombine(context.runtime().waitForResume(two), (a, b) -> Edge.of("ok", a));
                }))
                .node(
                        "loop",
                        context -> context.memo().orElse(0).asInt() == 2
                                ? Edge.exitLoop()
                                : Edge.nextIteration()
                                        .keeping(context.memo().orElse(0).asInt() + 1));
    }

    /** Two that want to close one question, on an executor whose schedule is drawn from a seed. */
    @Test
    @DisplayName(
            "I6, F11: an answer against the deadline, on 10,000 schedules: exactly one wins, and the flow goes its way")
    void answerAgainstDeadlineOnSchedules() {
        int answered = 0;
        for (long seed = 0; seed < ROUNDS; seed++) {
            ManualClock clock = new ManualClock();
            ManualExecutor executor = new ManualExecutor(seed);
            AtomicReference<Receipt> receipt = new AtomicReference<>();
            try (FlowScript flows = asking(clock, executor)) {
                Execution run = flows.start("w", Map.of());
                executor.runAll();
                PauseToken token = run.interactions().get(0).token();
                executor.execute(() -> clock.advance(Duration.ofMinutes(1)));
                executor.execute(() -> receipt.set(flows.interactions().answer(token, "yes", AnswerOptions.NONE)));
                executor.runAll();
                answered += checkOneWon(run, receipt.get(), "timeout");
            }
        }
        assertThat(answered).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    @Test
    @DisplayName("I6, F11: an answer against the deadline, 10,000 rounds on real threads")
    void answerAgainstDeadlineOnThreads() throws Exception {
        againstOnThreads("timeout", (clock, run) -> clock.advance(Duration.ofMinutes(1)));
    }

    @Test
    @DisplayName("I6, F17: an answer against cancelling, 10,000 rounds on real threads")
    void answerAgainstCancelOnThreads() throws Exception {
        againstOnThreads("cancelled", (clock, run) -> run.cancel("race", null));
    }

    @Test
    @DisplayName("I6: of two answers one is accepted and the other learns of it, 10,000 rounds on real threads")
    void answerAgainstAnswerOnThreads() throws Exception {
        onThreads(
                (clock, flows, run, token) ->
                        flows.interactions().answer(token, "other", AnswerOptions.by(Identity.of("bob"))),
                (run, mine, other) -> {
                    Receipt lost = mine instanceof Receipt.Accepted ? other : mine;
                    assertThat(List.of(mine, other).stream().filter(Receipt.Accepted.class::isInstance))
                            .hasSize(1);
                    assertThat(lost).isInstanceOf(Receipt.AlreadyResolved.class);
                    assertThat(((Receipt.AlreadyResolved) lost).by())
                            .isEqualTo(Identity.of(mine instanceof Receipt.Accepted ? "ada" : "bob"));
                });
    }

    private interface Rival {
        void act(ManualClock clock, Execution run);
    }

    private interface Second {
        Receipt act(ManualClock clock, FlowScript flows, Execution run, PauseToken token);
    }

    private interface Check {
        void check(Execution run, Receipt mine, Receipt other);
    }

    private static void againstOnThreads(String loser, Rival rival) throws Exception {
        onThreads(
                (clock, flows, run, token) -> {
                    rival.act(clock, run);
                    return new Receipt.NotFound();
                },
                (run, mine, other) -> checkOneWon(run, mine, loser));
    }

    private static void onThreads(Second second, Check check) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CyclicBarrier barrier = new CyclicBarrier(2);
        ManualClock clock = new ManualClock();
        ManualExecutor executor = new ManualExecutor();
        try (FlowScript flows = asking(clock, executor)) {
            for (int i = 0; i < ROUNDS; i++) {
                Execution run = flows.start("w", Map.of());
                executor.runAll();
                PauseToken token = run.interactions().get(0).token();
                Future<Receipt> other = threads.submit(() -> {
                    barrier.await();
                    return second.act(clock, flows, run, token);
                });
                Future<Receipt> mine = threads.submit(() -> {
                    barrier.await();
                    return flows.interactions().answer(token, "yes", AnswerOptions.by(Identity.of("ada")));
                });
                Receipt theirs = other.get(30, TimeUnit.SECONDS);
                Receipt ours = mine.get(30, TimeUnit.SECONDS);
                executor.runAll();
                check.check(run, ours, theirs);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static FlowScript asking(ManualClock clock, ManualExecutor executor) {
        return FlowScript.builder()
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .limits(EngineLimits.defaults().maxFinished(100))
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.open().within(Duration.ofMinutes(1)).ask()
                                : Edge.of(context.answer().timedOut() ? "timeout" : "answered"))
                .node("after", TestEngine.returning("ok"))
                .workflow(workflow(List.of("ask", Map.of("answered", "after", "timeout", "after"))))
                .build();
    }

    /** 1 when the answer won, 0 when the other did. */
    private static int checkOneWon(Execution run, Receipt receipt, String other) {
        List<String> story = story(run);
        boolean accepted = receipt instanceof Receipt.Accepted;
        boolean received = story.contains("received ask-1 by ada") || story.contains("received ask-1");
        boolean closed = story.contains("closed ask-1 deadline") || story.contains("closed ask-1 cancelled");
        if (accepted != received || accepted == closed) {
            throw new AssertionError(receipt + " but " + story);
        }
        if (!accepted) {
            assertThat(receipt).isInstanceOf(other.equals("timeout") ? Receipt.Expired.class : Receipt.Cancelled.class);
        }
        if (!other.equals("cancelled")) {
            assertThat(story).contains("completed ask-1 " + (accepted ? "answered" : other), "COMPLETED");
        }
        assertThat(run.status().isEnded()).isTrue();
        return accepted ? 1 : 0;
    }
}
