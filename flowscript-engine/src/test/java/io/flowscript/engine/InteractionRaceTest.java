package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Change;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many who want something of one question at the same moment, on real threads. {@code -Drace.rounds=} sets how often. */
@Tag("slow")
class InteractionRaceTest {

    private static final int ROUNDS = Integer.getInteger("race.rounds", 10_000);

    private final ManualClock clock = new ManualClock();
    private final AtomicInteger nextNode = new AtomicInteger();

    private FlowScript engine(Question question) {
        return FlowScript.builder()
                .clock(clock)
                .executor(Runnable::run)
                .engineExecutor(Runnable::run)
                .limits(EngineLimits.defaults().maxFinished(2))
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? question.ask()
                                : Edge.of(
                                        context.answer().timedOut() ? "timeout" : "answered",
                                        context.answer().data().raw()))
                .node("after", context -> {
                    nextNode.incrementAndGet();
                    return Edge.of("ok");
                })
                .workflow(workflow(List.of("ask", Map.of("answered", "after", "timeout", "after"))))
                .build();
    }

    /** One round: an execution that asks, and what each thread got out of it. */
    private static final class Round {

        private final Execution run;
        private final PauseToken token;
        private final Object[] results;

        Round(FlowScript flows, int threads) {
            run = flows.start("w", Map.of());
            token = run.interactions().get(0).token();
            results = new Object[threads];
        }

        <T> List<T> results(Class<T> type) {
            List<T> found = new ArrayList<>();
            for (Object result : results) {
                if (type.isInstance(result)) {
                    found.add(type.cast(result));
                }
            }
            return found;
        }

        List<Event> events() {
            return TestEngine.events(run).stream().map(RecordedEvent::event).toList();
        }

        <T extends Event> List<T> events(Class<T> type) {
            return events().stream().filter(type::isInstance).map(type::cast).toList();
        }

        Interaction closed() {
            return run.snapshot().closed().get(0);
        }
    }

    private interface Player {
        Object act(Round round);
    }

    private interface Judge {
        void judge(Round round);
    }

    /** Every player plays every round at once with the others; between two rounds the last one to come is the judge. */
    private static void play(FlowScript flows, List<Player> players, Judge judge) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(players.size());
        Round[] round = new Round[1];
        CyclicBarrier barrier = new CyclicBarrier(players.size(), () -> {
            if (round[0] != null) {
                judge.judge(round[0]);
            }
            round[0] = new Round(flows, players.size());
        });
        try {
            List<Future<?>> played = new ArrayList<>();
            for (int i = 0; i < players.size(); i++) {
                int number = i;
                played.add(threads.submit(() -> {
                    for (int n = 0; n < ROUNDS; n++) {
                        barrier.await(1, TimeUnit.MINUTES);
                        Round now = round[0];
                        now.results[number] = players.get(number).act(now);
                    }
                    return null;
                }));
            }
            for (Future<?> each : played) {
                each.get(5, TimeUnit.MINUTES);
            }
            judge.judge(round[0]);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName(
            "I6: 64 answer at once, 10,000 rounds: one is accepted, 63 learn who was first, the next node runs once")
    void sixtyFourAnswers() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        try (FlowScript flows = engine(Question.open())) {
            List<Player> players = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                Identity who = Identity.of("p" + i);
                AnswerOptions options = AnswerOptions.by(who);
                players.add(round -> flows.interactions().answer(round.token, who.name(), options));
            }
            play(flows, players, round -> {
                List<Receipt.Accepted> accepted = round.results(Receipt.Accepted.class);
                List<HumanEvent.InputReceived> received = round.events(HumanEvent.InputReceived.class);
                assertThat(accepted).hasSize(1);
                assertThat(received).hasSize(1);
                String winner = received.get(0).by();
                List<Receipt.AlreadyResolved> late = round.results(Receipt.AlreadyResolved.class);
                assertThat(late).hasSize(63);
                for (Receipt.AlreadyResolved each : late) {
                    if (!each.by().name().equals(winner)
                            || !each.at().equals(accepted.get(0).at())) {
                        throw new AssertionError(each + ", but " + winner + " was first");
                    }
                }
                assertThat(round.results[Integer.parseInt(winner.substring(1))]).isEqualTo(accepted.get(0));
                assertThat(nextNode).hasValue(rounds.incrementAndGet());
                assertThat(round.run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            });
        }
        assertThat(rounds).hasValue(ROUNDS);
    }

    @Test
    @DisplayName("I6: of 8 voters 3 decide, 10,000 rounds: three votes count, the third closes, the others learn of it")
    void votesAtOnce() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        int needed = 3;
        try (FlowScript flows = engine(Question.open().decidedBy(new Quorum("d", Map.of("yes", needed))))) {
            List<Player> players = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                AnswerOptions options = AnswerOptions.by(Identity.of("p" + i));
                players.add(round -> flows.interactions().answer(round.token, Map.of("d", "yes"), options));
            }
            play(flows, players, round -> {
                List<Receipt.Accepted> accepted = round.results(Receipt.Accepted.class);
                assertThat(accepted).hasSize(needed);
                assertThat(accepted.stream().filter(Receipt.Accepted::closes)).hasSize(1);
                assertThat(round.events(HumanEvent.InputVoted.class))
                        .extracting(HumanEvent.InputVoted::votes)
                        .containsExactly(1, 2);
                List<String> counted = new ArrayList<>();
                round.events(HumanEvent.InputVoted.class).forEach(vote -> counted.add(vote.by()));
                round.events(HumanEvent.InputReceived.class).forEach(last -> counted.add(last.by()));
                for (String by : counted) {
                    assertThat(round.results[Integer.parseInt(by.substring(1))]).isInstanceOf(Receipt.Accepted.class);
                }
                List<Receipt.AlreadyResolved> late = round.results(Receipt.AlreadyResolved.class);
                assertThat(late).hasSize(8 - needed);
                assertThat(late).allMatch(each -> each.by().name().equals(counted.get(needed - 1)));
                Value outcome = Value.of(round.events(io.flowscript.core.event.NodeEvent.Completed.class)
                        .get(0)
                        .data());
                assertThat(outcome.get("votes").asList().stream()
                                .map(vote -> vote.get("by").asString()))
                        .isEqualTo(counted);
                assertThat(nextNode).hasValue(rounds.incrementAndGet());
            });
        }
        assertThat(rounds).hasValue(ROUNDS);
    }

    private static final Set<String> TOO_LATE = Set.of("already_resolved", "expired", "execution_finished");

    /** What somebody gets who is turned away. */
    private static Object tried(java.util.concurrent.Callable<?> change) {
        try {
            return change.call();
        } catch (FlowScriptException e) {
            return e.code();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A moment between nothing and some microseconds, so that everybody is first now and then. */
    private static void dawdle() {
        for (int i = ThreadLocalRandom.current().nextInt(600); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    @Test
    @DisplayName(
            "I6: answer, deadline, cancel, claim, release and revise at once, 10,000 rounds: one outcome, and log, receipts and snapshot agree")
    void everythingAtOnce() throws Exception {
        Map<Status, Integer> ends = new EnumMap<>(Status.class);
        AnswerOptions ada = AnswerOptions.by(Identity.of("ada"));
        Identity bob = Identity.of("bob");
        AtomicInteger changes = new AtomicInteger();
        try (FlowScript flows =
                engine(Question.open().within(Duration.ofMinutes(1)).showing(Map.of("a", 1)))) {
            List<Player> players = List.of(
                    round -> {
                        dawdle();
                        return flows.interactions().answer(round.token, "yes", ada);
                    },
                    round -> {
                        dawdle();
                        clock.advance(Duration.ofMinutes(1));
                        return "";
                    },
                    round -> {
                        dawdle();
                        return round.run.cancel("race", null);
                    },
                    round -> {
                        dawdle();
                        return tried(() -> flows.interactions().claim(round.token, bob, Duration.ofSeconds(90)));
                    },
                    round -> {
                        dawdle();
                        return tried(() -> flows.interactions().release(round.token, bob));
                    },
                    round -> {
                        dawdle();
                        return tried(() -> flows.interactions().revise(round.token, Map.of("a", 2), bob));
                    });
            play(flows, players, round -> {
                if (!round.run.status().isEnded()) {
                    // The answer was turned away, since bob had it, and the time was over before this round's question
                    // came.
                    throw new AssertionError("Nothing ended it: " + TestEngine.story(round.run));
                }
                changes.addAndGet(judge(round));
                ends.merge(round.closed().status(), 1, Integer::sum);
            });
        }
        assertThat(ends).containsOnlyKeys(Status.ANSWERED, Status.EXPIRED, Status.CANCELLED);
        assertThat(ends.values()).allMatch(count -> count > ROUNDS / 100);
        assertThat(changes.get()).isGreaterThan(ROUNDS / 100);
    }

    /** How many changes there were before the end. */
    private static int judge(Round round) {
        Interaction closed = round.closed();
        Receipt receipt = (Receipt) round.results[0];
        List<Event> events = round.events();
        String story = receipt + " but " + TestEngine.story(round.run);
        long closings = events.stream()
                .filter(event -> event instanceof HumanEvent.InputReceived || event instanceof HumanEvent.InputTimeout)
                .count();
        boolean resumedOnce = round.events(io.flowscript.core.event.WorkflowEvent.Resumed.class)
                        .size()
                == 1;
        boolean oneEnd = events.stream().filter(Event::isTerminal).count() == 1;
        if (closings != 1 || !resumedOnce || !oneEnd) {
            throw new AssertionError(story);
        }
        Instant at = closed.closedAt();
        boolean agrees = receipt instanceof Receipt.Accepted accepted
                ? closed.status() == Status.ANSWERED && accepted.at().equals(at)
                : receipt instanceof Receipt.Expired expired
                        ? closed.status() == Status.EXPIRED && expired.at().equals(at)
                        : receipt instanceof Receipt.Cancelled cancelled
                                ? closed.status() == Status.CANCELLED
                                        && cancelled.at().equals(at)
                                : receipt instanceof Receipt.Forbidden && closed.status() != Status.ANSWERED;
        // Each change is one event, in the same order, and whoever made one was told so.
        List<EventType> history = closed.history().stream().map(Change::what).toList();
        List<EventType> told = events.stream()
                .filter(event -> event instanceof HumanEvent && !(event instanceof HumanEvent.InputRequired))
                .map(Event::type)
                .toList();
        boolean claimed = history.contains(EventType.HUMAN_INPUT_CLAIMED);
        boolean revised = history.contains(EventType.HUMAN_INPUT_REVISED);
        if (!agrees
                || !history.equals(told)
                || claimed != (round.results[3] instanceof Interaction)
                || revised != (round.results[5] instanceof Interaction)
                || !(claimed || TOO_LATE.contains(round.results[3]))
                || !(revised || TOO_LATE.contains(round.results[5]))
                || !(round.results[4] instanceof Interaction || TOO_LATE.contains(round.results[4]))
                || ((Boolean) round.results[2]) != (round.run.status() == ExecutionStatus.CANCELLED)) {
            throw new AssertionError(story + " and " + closed + " and " + List.of(round.results));
        }
        return history.size() - 1;
    }
}
