package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.SharedMemoryStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Seeded schedules of engines that share a store. A seed decides which task of which engine runs next, who starts, answers and
 * cancels what and where, which process dies or is stopped beyond its lease, and when the store fails or answers late. The clock
 * is manual, so a schedule takes some milliseconds. A build has sixty; more take
 *
 * <pre>mvn -pl flowscript-engine -am test -Dtest=ClusterScheduleTest -Dflowscript.cluster.schedules=20000 -Dflowscript.cluster.first=1</pre>
 */
class ClusterScheduleTest {

    private static final int SCHEDULES = Integer.getInteger("flowscript.cluster.schedules", 60);
    private static final long FIRST = Long.getLong("flowscript.cluster.first", 1L);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int RUNS = 4;
    private static final int MEMBERS = 3;
    private static final int STEPS = 400;

    /** The codes that tell a client to send a request again, to any of the processes. */
    private static final Set<String> AGAIN =
            Set.of("store_unavailable", "engine_closed", "store_closed", "store_failed", "shard_lost");

    @Test
    @DisplayName(
            "whatever dies, stops or comes late: every execution ends as it was answered, and everybody hears each event"
                    + " once, in order")
    void schedules() {
        for (long seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
            try (Schedule schedule = new Schedule(seed)) {
                schedule.disturbed();
                schedule.calm();
                assertThat(schedule.violations()).as("seed %d", seed).isEmpty();
            }
        }
    }

    /** One process: an engine, its member of the store, and what a listener to all has heard there. */
    private static final class Process {

        private final SharedMemoryStore store;
        private final Map<String, List<Long>> heard = new ConcurrentHashMap<>();
        private volatile FlowScript engine;
        private volatile boolean troubled = true;

        /** The moment since which it hears of everything. */
        private volatile int joined = Integer.MAX_VALUE;

        Process(SharedMemoryStore store) {
            this.store = store;
        }
    }

    private static final class Schedule implements AutoCloseable {

        private final Random random;
        private final SeededTurns turns;
        private final ManualClock clock = new ManualClock();
        private final List<Process> processes = new ArrayList<>();
        private final List<Process> gone = new ArrayList<>();
        private final List<CompletableFuture<Boolean>> late = new ArrayList<>();
        private final AtomicInteger moments = new AtomicInteger();

        /** When each execution may have begun. */
        private final Map<String, Integer> begun = new ConcurrentHashMap<>();

        private final Set<String> started = ConcurrentHashMap.newKeySet();
        private final Set<String> toBeCancelled = ConcurrentHashMap.newKeySet();
        private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
        private final Map<PauseToken, Object> accepted = new ConcurrentHashMap<>();
        private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
        private SharedMemoryStore first;

        Schedule(long seed) {
            random = new Random(seed);
            turns = new SeededTurns(random);
            first = SharedMemoryStore.create(clock, LEASE);
            join(first);
            for (int i = 1; i < MEMBERS; i++) {
                join(first.join());
            }
        }

        private void join(SharedMemoryStore store) {
            Process process = new Process(store);
            processes.add(process);
            turns.run(() -> again(() -> {
                FlowScript engine = FlowScript.builder()
                        .clock(clock)
                        .store(member(process))
                        .executor(turns)
                        .engineExecutor(turns)
                        .limits(EngineLimits.defaults().maxWaiting(1))
                        .node("ask", ASK)
                        .node("work", WORK)
                        .node("nap", NAP)
                        .workflow(workflow("work", "ask", "nap", "work", "ask"))
                        .build();
                engine.executions()
                        .listen(event -> process.heard
                                .computeIfAbsent(event.executionId(), id -> new ArrayList<>())
                                .add(event.seq()));
                process.joined = moments.incrementAndGet();
                process.engine = engine;
            }));
        }

        private static final Node ASK = context -> context.answer() == null
                ? Question.open().ask("?")
                : Edge.of("ok", context.answer().data());

        private static final Node WORK = context -> Edge.of("ok");

        private static final Node NAP =
                context -> context.memo().isMissing() ? new Sleep(LEASE, "slept") : Edge.of("ok");

        /** A member whose store fails or answers late from time to time. */
        private SharedStore member(Process process) {
            return (SharedStore) Proxy.newProxyInstance(
                    ClusterScheduleTest.class.getClassLoader(),
                    new Class<?>[] {SharedStore.class},
                    (proxy, method, args) -> call(process, method, args));
        }

        private Object call(Process process, Method method, Object[] args) throws Throwable {
            boolean troubled = process.engine != null && process.troubled;
            if (troubled && READS.contains(method.getName()) && chance(25)) {
                throw new FlowScriptException("store_failed", "The store is away");
            }
            Object result;
            try {
                result = method.invoke(process.store, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (troubled && method.getName().equals("commit") && chance(4)) {
                CompletableFuture<Boolean> known = new CompletableFuture<>();
                synchronized (late) {
                    late.add(known);
                }
                return ((CompletionStage<?>) result).thenCombine(known, (written, now) -> written);
            }
            return result;
        }

        private static final Set<String> READS = Set.of("find", "exchange", "renew", "release", "list");

        /** {@return true once in so many times} */
        private boolean chance(int of) {
            synchronized (random) {
                return random.nextInt(of) == 0;
            }
        }

        void disturbed() {
            for (int step = 0; step < STEPS; step++) {
                int what = random.nextInt(100);
                if (what < 70) {
                    boolean unused = turns.runOne();
                } else if (what < 80) {
                    turns.run(() -> clock.advance(LEASE.dividedBy(1 + random.nextInt(20))));
                } else if (what < 96) {
                    somebodyDoesSomething();
                } else if (what < 98) {
                    oneLate();
                } else {
                    trouble();
                }
            }
        }

        private void somebodyDoesSomething() {
            Process at = processes.get(random.nextInt(processes.size()));
            String id = "run-" + random.nextInt(RUNS);
            int what = random.nextInt(20);
            FlowScript engine = at.engine;
            if (engine == null) {
                return;
            }
            if (what < 6) {
                turns.run(() -> start(engine, id));
            } else if (what < 19) {
                int data = random.nextInt(1_000_000);
                turns.run(() -> answer(engine, id, data));
            } else {
                turns.run(() -> cancel(engine, id));
            }
        }

        private void start(FlowScript engine, String id) {
            if (!started.contains(id)) {
                again(() -> {
                    begun.putIfAbsent(id, moments.incrementAndGet());
                    try {
                        Execution unused = engine.start("w", Map.of(), id);
                    } catch (FlowScriptException e) {
                        if (!e.code().equals("execution_exists")) {
                            throw e;
                        }
                    }
                    started.add(id);
                });
            }
        }

        private void answer(FlowScript engine, String id, int data) {
            again(() -> engine.executions().find(id).ifPresent(run -> {
                List<Interaction> open = run.interactions();
                if (!open.isEmpty()) {
                    PauseToken token = open.get(0).token();
                    Receipt receipt = engine.interactions().answer(token, data, AnswerOptions.NONE);
                    if (receipt instanceof Receipt.Accepted && accepted.putIfAbsent(token, data) != null) {
                        violations.add("two answers were accepted for " + token);
                    }
                }
            }));
        }

        private void cancel(FlowScript engine, String id) {
            again(() -> engine.executions().find(id).ifPresent(run -> {
                toBeCancelled.add(id);
                if (run.cancel("no", null)) {
                    cancelled.add(id);
                }
            }));
        }

        /** Does something that may have to be done again, by whoever does something next. */
        private void again(Runnable request) {
            try {
                request.run();
            } catch (FlowScriptException e) {
                if (!AGAIN.contains(e.code())) {
                    violations.add(e.code() + " at " + clock.instant() + ": " + e);
                }
            } catch (RuntimeException e) {
                violations.add(e.toString());
            }
        }

        private void oneLate() {
            CompletableFuture<Boolean> known = null;
            synchronized (late) {
                if (!late.isEmpty()) {
                    known = late.remove(random.nextInt(late.size()));
                }
            }
            if (known != null) {
                CompletableFuture<Boolean> now = known;
                turns.run(() -> now.complete(true));
            }
        }

        private void trouble() {
            int which = random.nextInt(processes.size());
            Process process = processes.get(which);
            switch (random.nextInt(3)) {
                case 0 -> process.store.expire();
                case 1 -> {
                    process.store.crash();
                    leave(which);
                }
                default -> leave(which);
            }
        }

        private void leave(int which) {
            Process process = processes.remove(which);
            gone.add(process);
            FlowScript engine = process.engine;
            if (engine != null) {
                turns.run(engine::close);
            }
            join(first.join());
        }

        /** Everything works again; what was begun comes to its end. */
        void calm() {
            processes.forEach(process -> process.troubled = false);
            int rest = 6; // what is still to be heard, or may be heard twice, is heard now
            for (int i = 0; i < 2_000 && rest > 0; i++) {
                rest = isOver() ? rest - 1 : rest;
                while (!late.isEmpty()) {
                    oneLate();
                }
                for (int run = 0; run < RUNS; run++) {
                    String id = "run-" + run;
                    FlowScript engine = processes.get(random.nextInt(processes.size())).engine;
                    int data = random.nextInt(1_000_000);
                    if (engine != null) {
                        turns.run(() -> start(engine, id));
                        turns.run(() -> answer(engine, id, data));
                    }
                }
                runAll();
                turns.run(() -> clock.advance(LEASE.dividedBy(10)));
                runAll();
            }
        }

        private void runAll() {
            for (int i = 0; i < 10_000 && turns.runOne(); i++) {}
        }

        /** {@return whether everybody has seen the end of every execution} */
        private boolean isOver() {
            return started.size() == RUNS && processes.stream().allMatch(this::hasSeenAll);
        }

        private boolean hasSeenAll(Process process) {
            FlowScript engine = process.engine;
            return engine != null
                    && started.stream().allMatch(id -> {
                        Execution run = engine.executions().find(id).orElse(null);
                        return run != null
                                && run.status().isEnded()
                                && run.events().isEnded()
                                && (process.joined >= begun.get(id)
                                        || process.heard
                                                        .getOrDefault(id, List.of())
                                                        .size()
                                                == run.snapshot().seq());
                    });
        }

        private String state(Process process) {
            FlowScript engine = process.engine;
            StringBuilder state = new StringBuilder("process ").append(processes.indexOf(process));
            if (engine == null) {
                return state.append(" is not there").toString();
            }
            state.append(" has ")
                    .append(((Engine) engine).ownedShards())
                    .append(" shards since ")
                    .append(process.joined)
                    .append("; heard ")
                    .append(process.heard);
            for (String id : started) {
                state.append("; ").append(id);
                engine.executions()
                        .find(id)
                        .ifPresent(run -> state.append(((Engine) engine).owns(id) ? " its own " : " another's ")
                                .append(run.status())
                                .append(" of ")
                                .append(run.snapshot().seq())
                                .append(", shown ")
                                .append(run.events().latest())
                                .append(run.events().isEnded() ? ", ended, " : ", ")
                                .append("begun ")
                                .append(begun.get(id)));
            }
            return state.toString();
        }

        List<String> violations() {
            List<String> all = new ArrayList<>(violations);
            turns.failures().forEach(thrown -> all.add(thrown + " " + List.of(thrown.getStackTrace())));
            for (Process process : processes) {
                FlowScript engine = process.engine;
                if (engine != null && engine.stats().broken() > 0) {
                    all.add("An execution cannot go on: " + state(process));
                }
            }
            if (!isOver()) {
                all.add("not over, " + started.size() + " started: " + turns.stacks());
                processes.forEach(process -> all.add(state(process)));
            }
            Map<String, List<RecordedEvent>> events = new TreeMap<>();
            StringBuilder written = new StringBuilder();
            for (Process process : processes) {
                FlowScript engine = process.engine;
                for (String id : engine == null ? Set.<String>of() : started) {
                    Execution run = engine.executions().find(id).orElse(null);
                    if (run == null) {
                        all.add(id + " is not found");
                        continue;
                    }
                    List<RecordedEvent> read = TestEngine.events(run);
                    if (!read.equals(events.computeIfAbsent(id, first -> read))) {
                        all.add(id + " differs: " + read + " and " + events.get(id));
                    }
                    if (run.status() == ExecutionStatus.CANCELLED
                            ? !toBeCancelled.contains(id)
                            : cancelled.contains(id)) {
                        all.add(id + " is " + run.status());
                    }
                    read.forEach(event -> written.append(event.event()).append('\n'));
                }
            }
            accepted.forEach((token, data) -> {
                if (written.indexOf(data.toString()) < 0) {
                    all.add("the answer " + data + " to " + token + " was accepted and is not there");
                }
            });
            Stream.concat(processes.stream(), gone.stream())
                    .forEach(process -> process.heard.forEach((id, heard) -> {
                        List<RecordedEvent> known = events.getOrDefault(id, List.of());
                        long from = process.joined < begun.get(id) ? 1 : heard.get(0);
                        long to = gone.contains(process) ? heard.get(heard.size() - 1) : known.size();
                        if (!LongStream.rangeClosed(from, to).boxed().toList().equals(heard)) {
                            all.add(id + " was heard in " + process + " as " + heard + " of " + from + " to " + to);
                        }
                    }));
            return all;
        }

        @Override
        public void close() {
            for (Process process : processes) {
                FlowScript engine = process.engine;
                if (engine != null) {
                    turns.run(engine::close);
                }
            }
            turns.close();
        }
    }
}
