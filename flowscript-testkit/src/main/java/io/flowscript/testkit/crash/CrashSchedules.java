package io.flowscript.testkit.crash;

import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.testing.MemoryStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Plays schedules of crashes against a store. Each schedule runs the {@link CrashWorkflows} on an engine, kills it at a commit, and
 * goes on with a new engine on what the store has kept, several times. {@link HistoryCheck} then checks what subscribers, people and
 * nodes have observed.
 *
 * <pre>{@code
 * CrashSchedules.of(() -> new FileSubject(directory)).play(60);
 * }</pre>
 *
 * <p>Time and threads of the engine are manual, so a seed decides everything but what the store does. The first crash of a
 * schedule goes through all commits of a workflow with 20 nodes, seed after seed: before a commit is handed to the store, while
 * it is written, and after it was acknowledged. Further crashes, restarts in order, and how long the engine is down are drawn. A
 * quarter of the schedules uses {@code ASYNC}. A failure tells the seed and what happened.
 *
 * <p>{@code -Dflowscript.crash.schedules=2000} sets the number of schedules; {@code -Dflowscript.crash.seed=N} plays only one.
 * For use by one thread.
 *
 * @since 0.1.0
 */
public final class CrashSchedules {

    private static final int AT_ONCE = 4;

    private final Callable<? extends CrashSubject> subjects;

    private CrashSchedules(Callable<? extends CrashSubject> subjects) {
        this.subjects = subjects;
    }

    /**
     * Creates schedules for a store.
     *
     * @param subjects makes a place for the store, an empty one for each schedule, which is closed at its end. It is called by
     *     several threads, and each place is used by one of them.
     * @return the schedules
     */
    public static CrashSchedules of(Callable<? extends CrashSubject> subjects) {
        return new CrashSchedules(Objects.requireNonNull(subjects, "subjects"));
    }

    /**
     * Plays schedules, several at a time.
     *
     * @param usual how many, from 1, unless a system property sets another number
     * @return counts by name: schedules, also by their durability, executions, commits, observations, crashes by their moment,
     *     restarts in order, calls of nodes that were interrupted, questions that were withdrawn, and how often a commit was the
     *     first at which an engine was killed
     * @throws AssertionError if a rule does not hold; contains the seed and what happened
     */
    public Map<String, Integer> play(int usual) {
        Long only = Long.getLong("flowscript.crash.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? Integer.getInteger("flowscript.crash.schedules", usual) : only;
        Models models = Models.play();
        Map<String, Integer> counts = new TreeMap<>();
        ExecutorService players = Executors.newFixedThreadPool(AT_ONCE);
        List<Future<Map<String, Integer>>> played = new ArrayList<>();
        try {
            for (long seed = first; seed <= last; seed++) {
                long each = seed;
                played.add(players.submit(() -> play(each, models)));
            }
            for (Future<Map<String, Integer>> schedule : played) {
                schedule.get().forEach((what, times) -> counts.merge(what, times, Integer::sum));
                counts.merge("schedules", 1, Integer::sum);
            }
            return counts;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AssertionError wrong ? wrong : new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            played.forEach(schedule -> schedule.cancel(false));
            end(players);
        }
    }

    /** Waits for the schedules that are under way, so that nobody takes their places away. */
    private static void end(ExecutorService players) {
        players.shutdown();
        try {
            if (!players.awaitTermination(CrashSubject.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("A schedule does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Integer> play(long seed, Models models) {
        try (CrashSubject subject = subjects.call()) {
            CrashSchedule schedule = new CrashSchedule(seed, subject, models.points());
            try {
                List<Violation> wrong = schedule.check(schedule.play(), models.byWorkflow());
                if (!wrong.isEmpty()) {
                    throw new AssertionError(
                            wrong.stream().map(Violation::toString).collect(Collectors.joining("\n")));
                }
                return schedule.counts();
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + "; repeat it with -Dflowscript.crash.seed=" + seed + "\n" + e.getMessage()
                                + "\n" + schedule,
                        e);
            }
        } catch (Exception e) {
            throw new AssertionError("seed " + seed + ": the place of the store cannot be made or removed", e);
        }
    }

    /**
     * Executions that nothing interrupts, on a store in memory.
     *
     * @param points how many commits the first one has
     */
    record Models(Map<String, StoredExecution> byWorkflow, int points) {

        static Models play() {
            CrashSchedule schedule = new CrashSchedule(0, new InMemory(), 0);
            try {
                Map<String, StoredExecution> stored = schedule.play();
                Map<String, StoredExecution> models = new HashMap<>();
                schedule.workflows().forEach((id, workflow) -> models.put(workflow, stored.get(id)));
                return new Models(models, schedule.commitsOfFirst());
            } catch (Exception e) {
                throw new AssertionError("without a crash: " + schedule, e);
            }
        }
    }

    /** A place in memory. */
    private static final class InMemory implements CrashSubject {

        private MemoryStore store = new MemoryStore();

        @Override
        public ExecutionStore open() {
            store = store.reopen();
            return store;
        }
    }
}
