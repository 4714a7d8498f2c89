package io.flowscript.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.engine.Execution;
import io.flowscript.engine.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("Whoever wants to know is told, once, of each interaction that nobody has seen in time")
final class UnseenTest {

    private static final InboxQuery OPEN = InboxQuery.OPEN;
    private static final Identity ANN = Identity.of("ann");
    private static final Duration HOUR = Duration.ofHours(1);

    private final Asking asking = new Asking();
    private final Inbox inbox = Inbox.of(asking.flows);
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        inbox.close();
        asking.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void itIsToldInTimeWhateverBecomesOfTheTimeOfDay(long hours) {
        inbox.onUnseen(OPEN, HOUR, this::note);
        asking.ask("a", Question.open());
        asking.clock.jump(Duration.ofHours(hours));
        pass(HOUR.minusNanos(1));
        assertThat(told).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(told).hasSize(1);
    }

    @Test
    void itIsToldOnceWhenTheTimeHasCome() {
        inbox.onUnseen(OPEN, HOUR, this::note);
        Interaction first = asking.ask("a", Question.open());
        pass(Duration.ofMinutes(30));
        asking.ask("b", Question.open());
        pass(Duration.ofMinutes(30).minusMillis(1));
        assertThat(told).isEmpty();

        pass(Duration.ofMillis(1));
        assertThat(told).containsExactly("a");
        pass(Duration.ofMinutes(30));
        assertThat(told).containsExactly("a", "b");
        asking.flows.interactions().revise(first.token(), Map.of("amount", 2), null);
        pass(Duration.ofDays(30));
        assertThat(told).as("also where it changes afterwards").containsExactly("a", "b");
    }

    @Test
    void whatIsSeenOrAnsweredInTimeIsNotTold() {
        inbox.onUnseen(OPEN, HOUR, this::note);
        Interaction seen = asking.ask("seen", Question.open());
        Interaction answered = asking.ask("answered", Question.open());
        Interaction taken = asking.ask("taken", Question.open());
        asking.ask("expired", Question.open().within(Duration.ofMinutes(30)));
        asking.ask("neglected", Question.open());
        inbox.acknowledge(ANN, "seen", Position.after(seen.seq()));
        asking.answer(answered.token(), "ann");
        asking.flows.interactions().claim(taken.token(), ANN, Duration.ofMinutes(1));
        pass(HOUR);

        assertThat(told).containsExactly("neglected");
    }

    @Test
    @DisplayName("What is there when it begins counts from when it was asked, and what is late is told at once")
    void whatIsThereWhenItBegins() {
        asking.ask("late", Question.open());
        Interaction seen = asking.ask("seen", Question.open());
        inbox.acknowledge(ANN, "seen", Position.after(seen.seq()));
        pass(Duration.ofMinutes(50));
        asking.ask("in-time", Question.open());
        pass(Duration.ofMinutes(30));
        inbox.onUnseen(OPEN, HOUR, this::note);
        asking.executor.runAll();
        assertThat(told).containsExactly("late");

        pass(Duration.ofMinutes(30));
        assertThat(told).containsExactly("late", "in-time");
    }

    @Test
    @DisplayName(
            "What is seen or forgotten while the watch begins, after it was looked at and before it was noted, is not told")
    void whatChangesWhileItBegins() {
        Interaction looked = asking.ask("a", Question.open());
        Filter all = new Filter(OPEN, question -> true, InboxLimits.DEFAULTS);
        Interaction[] now = {looked.toBuilder().seenBy(List.of("ann")).build(), null, looked};
        for (Interaction is : now) {
            new UnseenWatch(asking.flows, HOUR, all, null, token -> is, this::note, watch -> {})
                    .start(List.of(Entry.of(looked)));
        }
        pass(HOUR);

        assertThat(told).as("the one that is as it was").containsExactly("a");
    }

    @Test
    @DisplayName("What is asked at the moment at which the watch begins is not missed")
    void whatIsAskedWhileItBegins() {
        ManualExecutor executor = new ManualExecutor();
        AtomicReference<Runnable> moment = new AtomicReference<>();
        try (Asking hurried = new Asking(
                        task -> {
                            executor.execute(task);
                            Runnable now = moment.getAndSet(null);
                            if (now != null) {
                                now.run();
                            }
                        },
                        flows -> flows);
                Inbox theirs = Inbox.of(hurried.flows)) {
            hurried.questions.put("a", Question.open());
            moment.set(() -> {
                hurried.flows.start("expense", new HashMap<>(), "a");
                executor.runAll();
            });
            theirs.onUnseen(OPEN, HOUR, this::note);
            assertThat(hurried.flows.executions().find("a")).isPresent();
            hurried.clock.advance(HOUR);
            executor.runAll();
            assertThat(told).containsExactly("a");
        }
    }

    @Test
    @DisplayName("There is one timer, however many interactions there are")
    void oneTimer() {
        int before = asking.clock.pending();
        Subscription watch = inbox.onUnseen(OPEN, HOUR, this::note);
        asking.executor.runAll();
        assertThat(asking.clock.pending()).isEqualTo(before);
        for (int i = 0; i < 100; i++) {
            asking.ask("e" + i, Question.open());
            pass(Duration.ofSeconds(1));
        }
        assertThat(asking.clock.pending()).isEqualTo(before + 1);
        pass(HOUR.minusSeconds(50));
        assertThat(told).hasSize(51);
        assertThat(asking.clock.pending()).isEqualTo(before + 1);

        watch.close();
        assertThat(asking.clock.pending()).isEqualTo(before);
        pass(HOUR);
        assertThat(told).hasSize(51);
    }

    @Test
    void whatIsNotWantedWhenItsTimeHasComeIsNotTold() {
        inbox.onUnseen(OPEN.workflow("contract").group("bosses"), HOUR, this::note);
        asking.ask("contract", "ours", Asking.forPeople("ann").escalate(Duration.ofMinutes(5), Asking.group("bosses")));
        asking.ask("contract", "theirs", Asking.forPeople("ann"));
        asking.ask("expense", "other", Asking.forGroups("bosses"));
        pass(HOUR);

        assertThat(told).containsExactly("ours");
    }

    @Test
    @DisplayName("I7: a listener that fails hurts nobody, and is told of the next")
    void aListenerThatFails() {
        inbox.onUnseen(OPEN, HOUR, question -> {
            note(question);
            throw new IllegalStateException("no mail today");
        });
        inbox.onUnseen(OPEN, HOUR.plusMinutes(1), this::note);
        asking.ask("a", Question.open());
        asking.clock.advance(Duration.ofSeconds(1));
        asking.ask("b", Question.open());
        pass(HOUR);
        assertThat(told).containsExactly("a", "b");
        pass(HOUR);
        assertThat(told).containsExactly("a", "b", "a", "b");
    }

    @Test
    @DisplayName("An execution that is restored brings its interactions, older than what was looked at")
    void whatIsRestored() {
        Interaction old = asking.ask("old", Question.open());
        ExecutionSnapshot written =
                asking.flows.executions().find("old").orElseThrow().snapshot();
        try (Asking other = new Asking();
                Inbox theirs = Inbox.of(other.flows)) {
            theirs.onUnseen(OPEN, HOUR, this::note);
            other.clock.advance(Duration.ofHours(3));
            other.ask("new", Question.open());
            other.clock.advance(HOUR);
            other.executor.runAll();
            assertThat(told).containsExactly("new");

            other.questions.put("old", Question.open());
            Execution run = other.flows.restore(written);
            other.executor.runAll();
            assertThat(told).containsExactly("new", "old");
            theirs.acknowledge(ANN, "old", Position.after(written.epoch(), old.seq()));
            assertThat(theirs.seenBy(old.token())).containsExactly("ann");
            theirs.acknowledge(
                    Identity.of("bob"), "old", Position.after(run.events().epoch(), old.seq()));
            theirs.acknowledge(Identity.of("eve"), "old", Position.after(written.epoch(), old.seq() + 1));
            assertThat(theirs.seenBy(old.token())).containsExactly("ann", "bob");
        }
    }

    @Test
    @DisplayName("I5, I8: there are so many, and all end with the inbox")
    void bounds() {
        try (Inbox small = Inbox.of(asking.flows, InboxLimits.DEFAULTS.maxSubscriptions(1))) {
            Subscription first = small.onUnseen(OPEN, HOUR, this::note);
            assertCode("too_many_subscriptions", () -> small.onUnseen(OPEN, HOUR, this::note));
            first.close();
            first.close();
            small.onUnseen(OPEN, HOUR, this::note);
            assertCode("too_many_subscriptions", () -> small.onUnseen(OPEN, HOUR, this::note));
            asking.ask("a", Question.open());
            for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(36_526))) {
                assertCode("invalid_duration", () -> small.onUnseen(OPEN, wrong, this::note));
            }
        }
        pass(HOUR);
        assertThat(told).isEmpty();
        inbox.close();
        assertCode("inbox_closed", () -> inbox.onUnseen(OPEN, HOUR, this::note));
    }

    @Test
    @DisplayName(
            "While threads ask, acknowledge and answer and watches begin, each that nobody has seen is told once to each")
    void race() throws Exception {
        int each = 200;
        ExecutorService engine = Executors.newFixedThreadPool(2);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Asking busy = new Asking(engine, flows -> flows);
                Inbox open = Inbox.of(busy.flows)) {
            Set<String> neglected = ConcurrentHashMap.newKeySet();
            List<Map<String, Integer>> heard = new ArrayList<>();
            List<Future<?>> all = new ArrayList<>();
            heard.add(watch(open));
            for (int thread = 0; thread < 4; thread++) {
                int number = thread;
                all.add(threads.submit(() -> {
                    Random random = new Random(number);
                    for (int i = 0; i < each; i++) {
                        String id = number + "-" + i;
                        busy.questions.put(id, Question.open());
                        busy.flows.start("expense", new HashMap<>(), id);
                        await().pollInterval(Duration.ofMillis(1))
                                .until(() -> !questions(busy, id).isEmpty());
                        Interaction asked = questions(busy, id).get(0);
                        switch (random.nextInt(3)) {
                            case 0 -> open.acknowledge(ANN, id, Position.after(asked.seq()));
                            case 1 -> busy.flows.interactions().answer(asked.token(), true, AnswerOptions.by(ANN));
                            default -> neglected.add(id);
                        }
                    }
                    return null;
                }));
            }
            for (int i = 0; i < 5; i++) {
                heard.add(watch(open));
            }
            for (Future<?> one : all) {
                one.get(50, TimeUnit.SECONDS);
            }
            heard.add(watch(open));
            assertThat(heard).allSatisfy(told -> assertThat(told).isEmpty());
            busy.clock.advance(HOUR);
            for (Map<String, Integer> told : heard) {
                await().until(() -> told.size() >= neglected.size());
                busy.clock.advance(HOUR);
                assertThat(new TreeSet<>(told.keySet())).isEqualTo(new TreeSet<>(neglected));
                assertThat(told.values()).containsOnly(1);
            }
            assertThat(open.count(OPEN.unseen()).value()).isEqualTo(neglected.size());
        } finally {
            threads.shutdownNow();
            engine.shutdownNow();
        }
    }

    @Test
    @DisplayName("A thousand that fall due together are told in turns, the oldest first")
    void manyAtOnce() {
        inbox.onUnseen(OPEN, HOUR, this::note);
        for (int i = 0; i < 1_000; i++) {
            asking.ask("e" + i, Question.open());
            asking.clock.advance(Duration.ofMillis(1));
        }
        pass(HOUR);

        assertThat(told)
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_000).mapToObj(i -> "e" + i).toList());
    }

    private static Map<String, Integer> watch(Inbox inbox) {
        Map<String, Integer> told = new ConcurrentHashMap<>();
        inbox.onUnseen(OPEN, HOUR, question -> told.merge(question.token().executionId(), 1, Integer::sum));
        return told;
    }

    private static List<Interaction> questions(Asking asking, String id) {
        return asking.flows.executions().find(id).orElseThrow().interactions();
    }

    private void note(Interaction question) {
        told.add(question.token().executionId());
    }

    private void pass(Duration time) {
        asking.clock.advance(time);
        asking.executor.runAll();
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
