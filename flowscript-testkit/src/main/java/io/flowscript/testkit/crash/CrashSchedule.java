package io.flowscript.testkit.crash;

import io.flowscript.core.CommandKey;
import io.flowscript.core.Identity;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.Durability;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.engine.Execution;
import io.flowscript.testkit.crash.PlannedCrash.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One schedule: some executions, the processes that run them one after the other, subscribers, and people who send again after a
 * crash what they had sent. All of it is drawn from a seed and plays the same each time.
 */
final class CrashSchedule {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PACE = Duration.ofHours(1);
    private static final int MAX_ACTS = 100_000;
    private static final int MAX_SHOWN = 200;
    private static final int MAX_LINE = 250;
    private static final String CRASHES = "crashes";
    private static final List<Duration> DOWN =
            List.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofMinutes(90), Duration.ofDays(3));

    /** Seeds that follow each other would begin with the same numbers. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** The execution whose commits are counted. */
    private static final String FIRST = "run-0";

    private final CrashSubject subject;
    private final Random random;
    private final Durability durability;
    private final Deque<PlannedCrash> planned;
    private final Map<String, String> workflows = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    private final List<Observation> observations = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final List<String> subscribers = new ArrayList<>();
    private final Map<String, Position> positions = new HashMap<>();

    /** What people have sent, by person and question. It outlives the processes. */
    private final Map<String, Sending> sendings = new LinkedHashMap<>();

    private final Set<String> cancelled = new HashSet<>();
    private final Set<String> begunHere = new HashSet<>();
    private final Set<String> askedHere = new HashSet<>();
    private final Set<String> sentHere = new HashSet<>();
    private @Nullable CrashedProcess process;
    private @Nullable AssertionError failure;
    private Instant now = START;
    private int ids;
    private int commits;
    private int commitsOfFirst;
    private int counted;
    private boolean dueWhenIdle;
    private boolean isStuck;

    private record Sending(PauseToken token, Identity by, Object answer) {}

    /**
     * Creates a schedule.
     *
     * @param points how many commits the first execution has, about; 0 for no crashes
     */
    CrashSchedule(long seed, CrashSubject subject, int points) {
        this.subject = subject;
        this.random = new Random(seed * SPREAD);
        this.durability = points > 0 && random.nextInt(4) == 0 ? Durability.ASYNC : Durability.SYNC;
        List<String> others = new ArrayList<>(
                List.of(CrashWorkflows.PAUSES, CrashWorkflows.DUE, CrashWorkflows.CANCELS, CrashWorkflows.TOUR));
        workflows.put(FIRST, CrashWorkflows.TOUR);
        int more = points > 0 ? 1 + random.nextInt(2) : others.size() - 1;
        for (int i = 1; i <= more; i++) {
            workflows.put("run-" + i, others.remove(points > 0 ? random.nextInt(others.size()) : 0));
        }
        this.planned = PlannedCrash.plan(seed, points, List.copyOf(workflows.keySet()), random);
        story.add(durability + ", " + workflows + ", " + planned);
    }

    /** Plays it, and returns the executions as they are stored at the end. */
    Map<String, StoredExecution> play() throws Exception {
        begin();
        for (int acts = 0; !isStuck && (!isOver() || isSpared()); acts++) {
            if (acts > MAX_ACTS) {
                throw new AssertionError("The executions do not come to their end");
            }
            act(running());
            throwFailure();
            if (!running().isAlive()) {
                now = now.plus(DOWN.get(random.nextInt(DOWN.size())));
                begin();
            }
        }
        running().close();
        throwFailure();
        Map<String, StoredExecution> stored = new HashMap<>();
        try (ExecutionStore store = subject.open()) {
            for (String id : workflows.keySet()) {
                store.find(id, Integer.MAX_VALUE).ifPresent(execution -> stored.put(id, execution));
            }
        }
        count(durability.toString(), 1);
        stored.values().forEach(this::countInterruptions);
        count("executions", workflows.size());
        count("commits", commits);
        count("observations", observations.size());
        return stored;
    }

    private void countInterruptions(StoredExecution execution) {
        for (RecordedEvent recorded : execution.events()) {
            if (recorded.event() instanceof NodeEvent.Failed failed
                    && failed.code().equals("interrupted")) {
                count("calls interrupted", 1);
            } else if (recorded.event() instanceof HumanEvent.InputTimeout end
                    && end.reason().equals("cancelled")) {
                count("questions withdrawn", 1);
            }
        }
    }

    /** {@return what is wrong with the history, given executions without a crash by their workflows} */
    List<Violation> check(Map<String, StoredExecution> stored, Map<String, StoredExecution> models) {
        List<Violation> wrong = new ArrayList<>();
        workflows.forEach(
                (id, workflow) -> wrong.addAll(HistoryCheck.like(Objects.requireNonNull(models.get(workflow), workflow))
                        .durability(durability)
                        .askingAnew(CrashWorkflows.WAITS)
                        .check(id, observations, stored.get(id))));
        return wrong;
    }

    Map<String, String> workflows() {
        return workflows;
    }

    Map<String, Integer> counts() {
        return counts;
    }

    int commitsOfFirst() {
        return commitsOfFirst;
    }

    List<Observation> observations() {
        return observations;
    }

    private CrashedProcess running() {
        if (process == null) {
            throw new IllegalStateException("The schedule has not begun");
        }
        return process;
    }

    private void begin() throws Exception {
        begunHere.clear();
        askedHere.clear();
        sentHere.clear();
        dueWhenIdle = false;
        tell("a process begins at " + now);
        if (subscribers.isEmpty()) {
            subscribers.add("early");
        } else if (subscribers.size() == 1 && random.nextBoolean()) {
            subscribers.add("late");
        }
        process = new CrashedProcess(this, subject, durability, now, PACE, List.copyOf(subscribers), random);
    }

    // What happens.

    private void act(CrashedProcess at) {
        switch (random.nextInt(16)) {
            case 0 -> beginOne(at);
            case 1, 2 -> send(at);
            case 3 -> cancel(at);
            case 4 -> at.pass(Duration.ofSeconds(random.nextInt(600)));
            case 5 -> {
                if (random.nextInt(60) == 0) {
                    count("restarts", 1);
                    tell("a restart in order");
                    at.close();
                    now = at.now();
                }
            }
            default -> at.run(1 + random.nextInt(4));
        }
        if (at.isAlive() && at.isIdle()) {
            if (dueWhenIdle || (isOver() && isSpared())) {
                crash(Moment.IDLE);
                at.kill();
            } else if (!beginOne(at) && !send(at) && !cancel(at) && !isOver()) {
                // When nothing will happen any more, the check tells which executions have not ended.
                isStuck = !at.passToNext();
            }
        }
        if (!at.isAlive()) {
            now = at.now();
        }
    }

    /** Starts an execution that does not exist in this process yet; false if all do. */
    private boolean beginOne(CrashedProcess at) {
        for (Map.Entry<String, String> run : workflows.entrySet()) {
            String id = run.getKey();
            if (begunHere.add(id)) {
                if (at.flows().executions().find(id).isEmpty()) {
                    Object started = at.call(id, () -> at.flows().start(run.getValue(), Map.of(), id));
                    if (started != null) {
                        note(new Observation.Started(id));
                    }
                    at.afterCall();
                }
                return true;
            }
        }
        return false;
    }

    /** Sends an answer that was not sent in this process yet; false if all were. */
    private boolean send(CrashedProcess at) {
        look(at);
        List<String> left = sendings.keySet().stream()
                .filter(key -> !sentHere.contains(key))
                .toList();
        if (left.isEmpty()) {
            return false;
        }
        String key = left.get(random.nextInt(left.size()));
        sentHere.add(key);
        Sending sending = sendings.get(key);
        if (sending == null) {
            throw new IllegalStateException(key);
        }
        AnswerOptions options = AnswerOptions.by(sending.by()).idempotencyKey(key);
        Receipt receipt = at.call(
                sending.token().executionId(),
                () -> at.flows().interactions().answer(sending.token(), sending.answer(), options));
        if (receipt != null) {
            note(Observation.Answered.of(sending.token(), sending.by(), sending.answer(), receipt));
        }
        at.afterCall();
        return true;
    }

    /** The people look what is asked. */
    private void look(CrashedProcess at) {
        for (String id : workflows.keySet()) {
            for (Interaction question : open(at, id)) {
                if (askedHere.add(question.token().tokenId())) {
                    note(Observation.Asked.of(question.token()));
                }
                new TreeMap<>(CrashWorkflows.answers(question)).forEach((name, answer) -> {
                    Identity by = Identity.of(name);
                    sendings.putIfAbsent(
                            name + " " + question.token().tokenId(), new Sending(question.token(), by, answer));
                });
            }
        }
    }

    private static List<Interaction> open(CrashedProcess at, String id) {
        return at.flows().executions().find(id).map(Execution::interactions).orElse(List.of());
    }

    /** Cancels an execution that waits to be cancelled; false if there is none. */
    private boolean cancel(CrashedProcess at) {
        for (Map.Entry<String, String> run : workflows.entrySet()) {
            String id = run.getKey();
            if (run.getValue().equals(CrashWorkflows.CANCELS)
                    && !cancelled.contains(id)
                    && !open(at, id).isEmpty()) {
                look(at);
                CommandKey key = new CommandKey("cy", "cancel-" + id, "cancel");
                Boolean ended = at.call(id, () -> {
                    Execution execution = at.flows().executions().find(id).orElseThrow();
                    return execution.cancel("a crash test", Identity.of("cy"), key);
                });
                if (ended != null) {
                    cancelled.add(id);
                    note(new Observation.Cancelled(id));
                }
                at.afterCall();
                return true;
            }
        }
        return false;
    }

    /** Whether all executions have ended, everybody has sent everything, and the subscribers have read all. */
    private boolean isOver() {
        CrashedProcess at = running();
        if (!at.isAlive()) {
            return false;
        }
        for (String id : workflows.keySet()) {
            Execution execution = at.flows().executions().find(id).orElse(null);
            if (execution == null || !execution.status().isEnded()) {
                return false;
            }
            for (String subscriber : subscribers) {
                if (position(subscriber, id).seq() < execution.snapshot().seq()) {
                    return false;
                }
            }
        }
        return sentHere.containsAll(sendings.keySet()) && at.isIdle() && !dueWhenIdle;
    }

    /** Whether a crash is planned, and none has happened: the first execution had fewer commits than it usually has. */
    private boolean isSpared() {
        return !planned.isEmpty() && !counts.containsKey(CRASHES);
    }

    // What the processes tell.

    String nextId() {
        return "id-" + ++ids;
    }

    void note(Observation observation) {
        observations.add(observation);
        tell(observation.toString());
    }

    private void tell(String line) {
        story.add(line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE) + "...");
    }

    private void count(String what, int times) {
        counts.merge(what, times, Integer::sum);
    }

    Position position(String subscriber, String executionId) {
        return positions.computeIfAbsent(subscriber + " " + executionId, none -> Position.START);
    }

    void reached(String subscriber, RecordedEvent event) {
        positions.put(subscriber + " " + event.executionId(), Position.after(event.epoch(), event.seq()));
    }

    void fail(AssertionError wrong) {
        failure = failure == null ? wrong : failure;
    }

    void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    /** {@return when the process is to be killed, if that is at one of these commits} */
    @Nullable
    Moment writes(List<Commit> batch) {
        commits += batch.size();
        commitsOfFirst += count(batch, FIRST);
        PlannedCrash next = planned.peek();
        if (next == null || dueWhenIdle) {
            return null;
        }
        counted += count(batch, next.executionId());
        if (counted < next.commits()) {
            return null;
        }
        if (next.moment() == Moment.IDLE) {
            dueWhenIdle = true;
            return null;
        }
        crash(next.moment());
        return next.moment();
    }

    private static int count(List<Commit> batch, String executionId) {
        return (int) batch.stream()
                .filter(commit -> commit.executionId().equals(executionId))
                .count();
    }

    private void crash(Moment moment) {
        PlannedCrash crash = planned.remove();
        counted = 0;
        count("crashes " + moment, 1);
        if (!counts.containsKey(CRASHES) && crash.moment() == moment) {
            count("first at commit " + crash.commits() + " " + moment, 1);
        }
        count(CRASHES, 1);
        tell("killed " + moment + " at " + crash);
    }

    /** {@return what happened last} */
    @Override
    public String toString() {
        int from = Math.max(1, story.size() - MAX_SHOWN);
        return story.get(0) + "\n" + String.join("\n", story.subList(from, story.size()));
    }
}
