package io.flowscript.events.cluster;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.SharedMemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One schedule of three processes that share a store. */
final class ClusterSchedule implements AutoCloseable {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int RUNS = 4;
    private static final int PROCESSES = 3;
    private static final int STEPS = 400;

    /** Rounds in which all works and nobody does anything, so that all is told. */
    private static final int QUIET_ROUNDS = 40;

    private static final int MAX_ROUNDS = 1_000;

    /** The codes that tell a client to send a request again, to any of the processes. */
    private static final Set<String> AGAIN =
            Set.of("store_unavailable", "engine_closed", "store_closed", "store_failed", "shard_lost");

    private static final Node ASK = context -> context.answer() == null
            ? Question.open().ask("?")
            : Edge.of("ok", context.answer().data());

    private static final Node NAP = context -> context.memo().isMissing() ? new Sleep(LEASE, "slept") : Edge.of("ok");

    private static final WorkflowDefinition WORKFLOW =
            WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("work", "ask", "nap", "work", "ask")));

    private final Random random;
    private final SeededTurns turns;
    private final ManualClock clock = new ManualClock();
    private final SharedMemoryStore store = SharedMemoryStore.create(clock, LEASE);
    private final List<ClusterProcess> processes = new ArrayList<>();
    private final List<ClusterProcess> gone = new ArrayList<>();
    private final List<Roamer> roamers = new ArrayList<>();
    private final AtomicInteger moments = new AtomicInteger();

    /** When each execution may have begun. */
    private final Map<String, Integer> begun = new ConcurrentHashMap<>();

    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private final Set<String> toBeCancelled = ConcurrentHashMap.newKeySet();
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private final Map<PauseToken, Object> accepted = new ConcurrentHashMap<>();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private int names;

    ClusterSchedule(long seed) {
        random = new Random(seed);
        turns = new SeededTurns(random);
    }

    /** {@return what is wrong; empty when all is right} */
    List<String> play() {
        join(store);
        for (int i = 1; i < PROCESSES; i++) {
            join(store.join());
        }
        for (int i = 0; i < RUNS; i++) {
            roamers.add(new Roamer(id(i)));
        }
        for (int i = 0; i < STEPS; i++) {
            somethingHappens();
        }
        processes.forEach(process -> process.faulty().faulty(false));
        for (int i = 0; i < QUIET_ROUNDS; i++) {
            quietRound();
        }
        checkInboxes();
        int rest = 6; // what may be heard twice is heard now
        for (int i = 0; i < MAX_ROUNDS && rest > 0; i++) {
            rest = isOver() ? rest - 1 : rest;
            everybodyGoesOn();
            quietRound();
        }
        checkAll();
        return wrong;
    }

    private static String id(int run) {
        return "run-" + run;
    }

    private void join(SharedMemoryStore member) {
        ClusterProcess process = new ClusterProcess("process " + ++names, member, random);
        processes.add(process);
        turns.run(() -> asked(() -> process.start(
                FlowScript.builder()
                        .clock(clock)
                        .executor(turns)
                        .engineExecutor(turns)
                        .limits(EngineLimits.defaults().maxWaiting(1))
                        .node("ask", ASK)
                        .node("work", context -> Edge.of("ok"))
                        .node("nap", NAP)
                        .workflow(WORKFLOW),
                moments::incrementAndGet)));
    }

    // What happens

    private void somethingHappens() {
        int what = random.nextInt(100);
        if (what < 70) {
            boolean unused = turns.runOne();
        } else if (what < 80) {
            turns.run(() -> clock.advance(LEASE.dividedBy(1 + random.nextInt(20))));
        } else if (what < 94) {
            somebodyDoesSomething();
        } else if (what < 97) {
            boolean unused = oneIsKnown(any(processes));
        } else if (what < 98) {
            turns.run(any(processes)::look);
        } else {
            oneIsInTrouble();
        }
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private void somebodyDoesSomething() {
        String id = id(random.nextInt(RUNS));
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> start(id);
            case 3, 4, 5, 6 -> answer(id);
            case 7, 8 -> claim(id);
            case 9, 10 -> roam(any(roamers));
            default -> {
                if (random.nextInt(3) == 0) {
                    cancel(id);
                }
            }
        }
    }

    /** Somebody asks one of the processes for something, which they may have to ask for again. */
    private void at(BiConsumer<FlowScript, Random> request) {
        FlowScript flows = any(processes).flows();
        Random draws = new Random(random.nextLong());
        if (flows != null) {
            turns.run(() -> asked(() -> request.accept(flows, draws)));
        }
    }

    private void asked(Runnable request) {
        try {
            request.run();
        } catch (FlowScriptException e) {
            if (!AGAIN.contains(e.code())) {
                wrong.add(e.code() + " at " + clock.instant() + ": " + e);
            }
        } catch (RuntimeException e) {
            wrong.add(e + " " + List.of(e.getStackTrace()));
        }
    }

    private void start(String id) {
        if (started.contains(id)) {
            return;
        }
        int moment = moments.incrementAndGet();
        processes.forEach(process -> process.take(moment));
        at((flows, draws) -> {
            begun.putIfAbsent(id, moments.incrementAndGet());
            try {
                Execution unused = flows.start("w", Map.of(), id);
            } catch (FlowScriptException e) {
                if (!e.code().equals("execution_exists")) {
                    throw e;
                }
            }
            started.add(id);
        });
    }

    private void answer(String id) {
        at((flows, draws) -> flows.executions().find(id).ifPresent(run -> {
            for (Interaction open : run.interactions()) {
                int data = draws.nextInt(1_000_000);
                Receipt receipt = flows.interactions().answer(open.token(), data, AnswerOptions.by(Identity.of("ann")));
                if (receipt instanceof Receipt.Accepted && accepted.putIfAbsent(open.token(), data) != null) {
                    wrong.add("Two answers were accepted for " + open.token());
                }
            }
        }));
    }

    private void claim(String id) {
        at((flows, draws) -> flows.executions().find(id).ifPresent(run -> {
            for (Interaction open : run.interactions()) {
                try {
                    Interaction unused = flows.interactions().claim(open.token(), Identity.of("ann"), LEASE);
                } catch (FlowScriptException e) {
                    if (AGAIN.contains(e.code())) {
                        throw e;
                    }
                    // It is closed by now.
                }
            }
        }));
    }

    private void cancel(String id) {
        at((flows, draws) -> flows.executions().find(id).ifPresent(run -> {
            toBeCancelled.add(id);
            if (run.cancel("no", null)) {
                cancelled.add(id);
            }
        }));
    }

    private void roam(Roamer roamer) {
        ClusterProcess to = any(processes);
        turns.run(() -> asked(() -> roamer.roam(to)));
    }

    private boolean oneIsKnown(ClusterProcess process) {
        boolean[] known = {false};
        turns.run(() -> known[0] = process.faulty().oneIsKnown());
        return known[0];
    }

    private void oneIsInTrouble() {
        ClusterProcess process = any(processes);
        switch (random.nextInt(3)) {
            case 0 -> { // it was stopped for that long, with its clock
                process.member().expire();
                turns.run(() -> clock.advance(LEASE.plusMillis(1)));
            }
            case 1 -> {
                process.member().crash();
                leaves(process);
            }
            default -> leaves(process);
        }
    }

    private void leaves(ClusterProcess process) {
        process.take(moments.incrementAndGet());
        processes.remove(process);
        gone.add(process);
        turns.run(process::close);
        join(store.join());
    }

    /** All that is to be done is done, and a little time passes. */
    private void quietRound() {
        List<ClusterProcess> all = new ArrayList<>(processes);
        all.addAll(gone);
        for (ClusterProcess process : all) {
            while (oneIsKnown(process)) {}
        }
        turns.runAll();
        turns.run(() -> clock.advance(LEASE.dividedBy(10)));
        turns.runAll();
    }

    private void everybodyGoesOn() {
        for (int i = 0; i < RUNS; i++) {
            start(id(i));
            answer(id(i));
        }
        for (Roamer roamer : roamers) {
            roam(roamer);
        }
    }

    // What must be

    /** {@return whether everybody has seen the end of every execution} */
    private boolean isOver() {
        int moment = moments.incrementAndGet();
        processes.forEach(process -> process.take(moment));
        return started.size() == RUNS && processes.stream().allMatch(this::hasSeenAll);
    }

    private boolean hasSeenAll(ClusterProcess process) {
        FlowScript flows = process.flows();
        return flows != null
                && roamers.stream().allMatch(roamer -> roamer.hasAll(last(flows, roamer.executionId())))
                && started.stream().allMatch(id -> {
                    Execution run = flows.executions().find(id).orElse(null);
                    return run != null
                            && run.status().isEnded()
                            && run.events().isEnded()
                            && process.heard().stream()
                                    .allMatch(heard -> heard.hasAll(
                                            id, begin(id), run.snapshot().seq()));
                });
    }

    private int begin(String id) {
        return Objects.requireNonNull(begun.get(id));
    }

    private static long last(FlowScript flows, String id) {
        return flows.executions().find(id).map(run -> run.snapshot().seq()).orElse(Long.MAX_VALUE);
    }

    private void checkInboxes() {
        for (ClusterProcess process : processes) {
            turns.run(process::look);
            FlowScript flows = process.flows();
            InboxView view = process.view();
            if (flows == null || view == null) {
                wrong.add(process + " could not be started");
                continue;
            }
            Map<PauseToken, Interaction> open = new HashMap<>();
            for (String id : begun.keySet()) {
                flows.executions()
                        .find(id)
                        .ifPresent(run -> run.interactions().forEach(each -> open.put(each.token(), each)));
            }
            Map<PauseToken, Interaction> seen = view.seen();
            Set<PauseToken> tokens = new HashSet<>(open.keySet());
            tokens.addAll(seen.keySet());
            tokens.removeIf(token -> Objects.equals(seen.get(token), open.get(token)));
            for (PauseToken token : tokens) {
                wrong.add("The inbox of " + process + " shows " + brief(seen.get(token)) + " and there is "
                        + brief(open.get(token)) + " for " + token + " in " + state(process));
            }
        }
    }

    private static String brief(@Nullable Interaction interaction) {
        return interaction == null
                ? "nothing"
                : interaction.status() + " of " + interaction.seq() + ", claimed " + interaction.claim() + ", "
                        + interaction.history();
    }

    private void checkAll() {
        turns.failures().forEach(thrown -> wrong.add(thrown + " " + List.of(thrown.getStackTrace())));
        if (!isOver()) {
            wrong.add("It does not come to its end; " + started + " are started; " + turns.stacks());
            processes.forEach(process -> wrong.add(state(process)));
        }
        Map<String, List<RecordedEvent>> events = new HashMap<>();
        StringBuilder written = new StringBuilder();
        for (ClusterProcess process : processes) {
            for (String id : started) {
                check(process, id, events, written);
            }
        }
        accepted.forEach((token, data) -> {
            if (written.indexOf(data.toString()) < 0) {
                wrong.add("The answer " + data + " to " + token + " was accepted and is not there");
            }
        });
        events.forEach((id, all) -> {
            processes.forEach(
                    process -> process.heard().forEach(heard -> heard.check(id, begin(id), all.size(), false, wrong)));
            gone.forEach(
                    process -> process.heard().forEach(heard -> heard.check(id, begin(id), all.size(), true, wrong)));
        });
        for (Roamer roamer : roamers) {
            List<RecordedEvent> all = events.getOrDefault(roamer.executionId(), List.of());
            roamer.check(all.size(), wrong);
        }
    }

    private void check(
            ClusterProcess process, String id, Map<String, List<RecordedEvent>> events, StringBuilder written) {
        FlowScript flows = process.flows();
        Execution run = flows == null ? null : flows.executions().find(id).orElse(null);
        if (flows == null || run == null) {
            wrong.add(id + " is not found");
            return;
        }
        if (flows.stats().broken() > 0) {
            wrong.add("An execution cannot go on: " + state(process));
        }
        List<RecordedEvent> read = run.events().read(Position.START, 1_000);
        if (!read.equals(events.computeIfAbsent(id, first -> read))) {
            wrong.add(id + " differs: " + read + " and " + events.get(id));
        }
        boolean isCancelled = run.status() == ExecutionStatus.CANCELLED;
        if (isCancelled ? !toBeCancelled.contains(id) : cancelled.contains(id)) {
            wrong.add(id + " is " + run.status());
        }
        read.forEach(event -> written.append(event.event()).append('\n'));
    }

    private String state(ClusterProcess process) {
        FlowScript flows = process.flows();
        StringBuilder state = new StringBuilder(process.heard().toString());
        for (String id : started) {
            if (flows != null) {
                flows.executions()
                        .find(id)
                        .ifPresent(run -> state.append("; ")
                                .append(id)
                                .append(run.isLocal() ? " here " : " elsewhere ")
                                .append(run.status())
                                .append(" of ")
                                .append(run.snapshot().seq())
                                .append(", shown ")
                                .append(run.events().latest())
                                .append(run.events().isEnded() ? ", ended" : "")
                                .append(", begun ")
                                .append(begun.get(id)));
            }
        }
        return state.toString();
    }

    @Override
    public void close() {
        processes.forEach(process -> turns.run(process::close));
        turns.close();
    }
}
