package io.flowscript.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.engine.Execution;
import io.flowscript.events.inbox.Inbox.Page;
import io.flowscript.events.inbox.InboxQuery.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that ask, claim, answer, assign anew and forget, against a look at every execution. */
@Tag("slow")
final class InboxRaceTest {

    private static final InboxQuery OPEN = InboxQuery.OPEN;
    private static final Identity ANN = Identity.of("ann", "clerks");
    private static final List<String> PEOPLE = List.of("ann", "bob", "carl");
    private static final List<String> GROUPS = List.of("clerks", "bosses");
    private static final int CONSTANT = 40;
    private static final int MOMENTS = 90;

    /** What follows a query, held against itself: nothing enters twice, and nothing leaves or changes that is not there. */
    private static final class Mirror {

        private final Map<PauseToken, Interaction> there = new ConcurrentHashMap<>();
        private final Queue<String> faults = new ConcurrentLinkedQueue<>();

        void take(InboxChange change) {
            if (change instanceof InboxChange.Entered entered) {
                check(there.put(entered.interaction().token(), entered.interaction()) == null, change);
            } else if (change instanceof InboxChange.Changed changed) {
                check(there.put(changed.interaction().token(), changed.interaction()) != null, change);
            } else if (change instanceof InboxChange.Left left) {
                check(there.remove(left.token()) != null, change);
            } else {
                faults.add("missed");
            }
        }

        private void check(boolean right, InboxChange change) {
            if (!right) {
                faults.add(change.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverHappensTheInboxIsWhatTheExecutionsAsk(long seed) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Asking asking = new Asking(
                        threads, flows -> flows.retention(new Retention(1_000, 1 << 20, Duration.ofSeconds(10))));
                Inbox inbox = Inbox.of(asking.flows)) {
            List<InboxQuery> queries = queries();
            List<Mirror> mirrors = new ArrayList<>();
            for (InboxQuery query : queries) {
                Mirror mirror = new Mirror();
                mirrors.add(mirror);
                inbox.subscribe(query, mirror::take);
            }
            Set<String> constant = askThatStays(asking);
            await().until(() -> inbox.count(OPEN).value() == CONSTANT);

            ExecutorService workers = Executors.newFixedThreadPool(4);
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger made = new AtomicInteger();
            Queue<String> faults = new ConcurrentLinkedQueue<>();
            List<Future<?>> readers = List.of(
                    workers.submit(() -> read(inbox, OPEN.meantFor(ANN), constant, done, faults)),
                    workers.submit(() -> read(
                            inbox,
                            OPEN.statuses(Status.values()).workflow("expense").sorted(Order.NEWEST),
                            constant,
                            done,
                            faults)));
            List<Future<?>> writers = List.of(
                    workers.submit(() -> work(asking, new Random(seed), made, true)),
                    workers.submit(() -> work(asking, new Random(~seed), made, false)));
            for (Future<?> writer : writers) {
                writer.get();
            }
            done.set(true);
            for (Future<?> reader : readers) {
                reader.get();
            }
            workers.shutdown();
            assertThat(faults).isEmpty();

            for (int i = 0; i < queries.size(); i++) {
                InboxQuery query = queries.get(i);
                Mirror mirror = mirrors.get(i);
                await().untilAsserted(() -> {
                    Set<Interaction> model = model(asking, query);
                    assertThat(new HashSet<>(all(inbox, query))).isEqualTo(model);
                    assertThat(inbox.count(query).value()).isEqualTo(model.size());
                    assertThat(new HashSet<>(mirror.there.values())).isEqualTo(model);
                });
                assertThat(mirror.faults).isEmpty();
                assertThat(all(inbox, query)).doesNotHaveDuplicates();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<InboxQuery> queries() {
        return List.of(
                OPEN,
                OPEN.meantFor(ANN),
                OPEN.meantFor(Identity.of("eve", "bosses")).sorted(Order.DEADLINE),
                OPEN.assignee("bob"),
                OPEN.group("bosses").sorted(Order.NEWEST),
                OPEN.claimedBy("carl"),
                OPEN.statuses(Status.CLAIMED),
                OPEN.statuses(Status.ANSWERED, Status.EXPIRED),
                OPEN.statuses(Status.values()).workflow("contract").sorted(Order.DEADLINE),
                OPEN.statuses(Status.OPEN, Status.ANSWERED).meantFor(ANN).containing("7"));
    }

    /** Questions that ann is to answer all the time, now by her name, now by her group. */
    private static Set<String> askThatStays(Asking asking) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < CONSTANT; i++) {
            Question question = Question.open().assignedTo("ann");
            for (int at = 1; at <= MOMENTS; at++) {
                Assignment to = at % 2 == 0
                        ? new Assignment(List.of("ann"), List.of())
                        : new Assignment(List.of(), List.of("clerks"));
                question = question.escalate(Duration.ofSeconds(at), to);
            }
            String id = "constant-" + i;
            asking.questions.put(id, question);
            asking.flows.start("expense", Map.of(), id);
            ids.add(id);
        }
        return ids;
    }

    private static void work(Asking asking, Random random, AtomicInteger made, boolean keepsTime) {
        for (int i = 0; i < 1_500; i++) {
            if (keepsTime && i % 15 == 0 && i / 15 < MOMENTS) {
                asking.clock.advance(Duration.ofSeconds(1));
            }
            if (random.nextInt(4) == 0) {
                String id = "e" + made.getAndIncrement();
                asking.questions.put(id, question(random));
                asking.flows.start(random.nextBoolean() ? "expense" : "contract", Map.of(), id);
            } else if (made.get() > 0) {
                String id = "e" + (made.get() - 1 - random.nextInt(Math.min(made.get(), 50)));
                asking.flows.executions().find(id).ifPresent(execution -> change(asking, execution, random));
            }
        }
    }

    private static Question question(Random random) {
        Question question = Question.open()
                .showing(Map.of("number", Integer.toString(random.nextInt(10))))
                .assigned(assignment(random));
        if (random.nextBoolean()) {
            question = question.escalate(Duration.ofSeconds(1 + random.nextInt(10)), assignment(random));
        }
        return random.nextBoolean() ? question.within(Duration.ofSeconds(1 + random.nextInt(30))) : question;
    }

    private static Assignment assignment(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Assignment.ANYBODY;
            case 1 -> new Assignment(List.of(PEOPLE.get(random.nextInt(PEOPLE.size()))), List.of());
            default ->
                new Assignment(
                        List.of(PEOPLE.get(random.nextInt(PEOPLE.size()))),
                        List.of(GROUPS.get(random.nextInt(GROUPS.size()))));
        };
    }

    private static void change(Asking asking, Execution execution, Random random) {
        List<Interaction> open = execution.interactions();
        if (open.isEmpty()) {
            return;
        }
        PauseToken token = open.get(0).token();
        Identity who = Identity.of(PEOPLE.get(random.nextInt(PEOPLE.size())));
        try {
            switch (random.nextInt(5)) {
                case 0, 1 -> asking.flows.interactions().claim(token, who, Duration.ofSeconds(5));
                case 2 -> asking.flows.interactions().release(token, who);
                case 3 -> asking.flows.interactions().revise(token, Map.of("number", "7"), who);
                default -> asking.flows.interactions().answer(token, true, AnswerOptions.by(who));
            }
        } catch (FlowScriptException refused) {
            // Somebody else was first, which is what this is about.
            assertThat(refused.code()).isNotEqualTo("internal");
        }
    }

    private static void read(
            Inbox inbox, InboxQuery query, Set<String> constant, AtomicBoolean done, Queue<String> faults) {
        while (!done.get()) {
            Map<String, Integer> seen = new HashMap<>();
            for (Interaction interaction : all(inbox, query)) {
                seen.merge(interaction.token().executionId(), 1, Integer::sum);
            }
            for (String id : constant) {
                if (seen.getOrDefault(id, 0) != 1) {
                    faults.add(id + " was found " + seen.get(id) + " times");
                }
            }
        }
    }

    private static List<Interaction> all(Inbox inbox, InboxQuery query) {
        List<Interaction> all = new ArrayList<>();
        String next = null;
        do {
            Page page = inbox.list(query, next, 17);
            all.addAll(page.interactions());
            next = page.next();
        } while (next != null);
        return all;
    }

    private static Set<Interaction> model(Asking asking, InboxQuery query) {
        Set<Interaction> model = new HashSet<>();
        Filter filter = new Filter(query, interaction -> true, InboxLimits.DEFAULTS);
        String older = null;
        while (true) {
            List<Execution> page = asking.flows.executions().list(null, null, older, 1_000);
            for (Execution execution : page) {
                ExecutionSnapshot now = execution.snapshot();
                for (Collection<Interaction> some : List.of(now.open(), now.closed())) {
                    some.stream().filter(asked -> filter.passes(asked)).forEach(model::add);
                }
            }
            if (page.size() < 1_000) {
                return model;
            }
            older = page.get(page.size() - 1).id();
        }
    }
}
