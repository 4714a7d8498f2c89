package io.flowscript.testkit.crash;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.testkit.crash.ClusterMember.Event;
import io.flowscript.testkit.crash.ClusterMember.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * People who start executions of {@link ClusterWorkflow}, follow, answer and cancel them, and ask another one of several processes
 * each time, while a test kills, stops or restarts these. They send again what they are told to, and check what they get: no
 * event is missing or differs when it is read again, each receipt stays, the same command has the same result everywhere.
 *
 * <pre>{@code
 * ClusterPeople people = ClusterPeople.start(12, seed, members);
 * ... // restart processes
 * people.finish();
 * assertThat(people.violations(store, List.of())).isEmpty();
 * }</pre>
 *
 * <p>Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ClusterPeople implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** How much later than one process another one may show the same change. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private final List<? extends ClusterMember> members;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch working;
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Queue<Observation> observations = new ConcurrentLinkedQueue<>();
    private final Set<String> completed = ConcurrentHashMap.newKeySet();
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private final AtomicInteger repeated = new AtomicInteger();
    private volatile boolean over;

    private ClusterPeople(int count, List<? extends ClusterMember> members) {
        this.members = List.copyOf(members);
        this.working = new CountDownLatch(count);
    }

    /**
     * Lets people begin.
     *
     * @param count how many, 1 or more
     * @param seed decides whom they ask and what they do
     * @param members the processes
     * @return the people at work
     */
    public static ClusterPeople start(int count, long seed, List<? extends ClusterMember> members) {
        ClusterPeople people = new ClusterPeople(count, members);
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(people.new Person("p" + i, seed + i), "cluster-person-" + i);
            thread.setDaemon(true);
            people.threads.add(thread);
            thread.start();
        }
        return people;
    }

    /** {@return whether somebody has seen what must not be} */
    public boolean hasViolation() {
        return !violations.isEmpty();
    }

    /**
     * Notes something that must not be and that only the test sees.
     *
     * @param what what is wrong
     */
    public void violation(String what) {
        violations.add(what);
    }

    /** {@return how many executions have come to their end} */
    public int ended() {
        return completed.size() + cancelled.size();
    }

    /** {@return how many requests were sent again} */
    public int repeated() {
        return repeated.get();
    }

    /**
     * Lets everybody bring the execution that they are at to its end, and waits for them.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void finish() throws InterruptedException {
        over = true;
        if (!working.await(PATIENCE.multipliedBy(2).toSeconds(), TimeUnit.SECONDS)) {
            violations.add(working.getCount() + " people do not come to an end");
        }
    }

    /**
     * Compares what people have seen with what is stored. Called after {@link #finish}.
     *
     * @param store the store of all processes, with nothing but their executions
     * @param called the calls of nodes, in their order; none when the test does not know them
     * @return what is wrong; empty when all is right
     */
    public List<String> violations(ExecutionStore store, List<Observation.Called> called) {
        List<String> all = new ArrayList<>(violations);
        Map<String, List<Observation>> byExecution = new TreeMap<>();
        List<Observation> observed = new ArrayList<>(called);
        observed.addAll(observations);
        observed.forEach(each -> byExecution
                .computeIfAbsent(each.executionId(), id -> new ArrayList<>())
                .add(each));
        HistoryCheck check = HistoryCheck.like(ClusterWorkflow.uninterrupted());
        for (String id : completed) {
            StoredExecution stored = store.find(id, Integer.MAX_VALUE).orElse(null);
            check.check(id, byExecution.getOrDefault(id, List.of()), stored).forEach(each -> all.add(each.toString()));
        }
        for (String id : cancelled) {
            ExecutionStatus status =
                    store.find(id, 1).map(found -> found.snapshot().status()).orElse(null);
            if (status != ExecutionStatus.CANCELLED) {
                all.add(id + " was cancelled and is " + status);
            }
        }
        int stored = count(store);
        if (stored != ended()) {
            all.add(stored + " executions are stored, and people have started " + ended());
        }
        return all;
    }

    private static int count(ExecutionStore store) {
        int count = 0;
        long before = Long.MAX_VALUE;
        while (true) {
            List<StoredExecution> page = store.list(new ExecutionQuery.Newest(null, null, before, 500));
            if (page.isEmpty()) {
                return count;
            }
            count += page.size();
            before = page.get(page.size() - 1).number();
        }
    }

    /** Ends all threads. */
    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
    }

    /** A request to one of the processes. */
    @FunctionalInterface
    private interface Request<T extends @Nullable Object> {
        T to(ClusterMember member) throws Unavailable, InterruptedException;
    }

    /** Somebody who runs executions, one after the other, each to its end. */
    private final class Person implements Runnable {

        private final String name;
        private final Random random;

        Person(String name, long seed) {
            this.name = name;
            this.random = new Random(seed);
        }

        @Override
        public void run() {
            try {
                for (int i = 0; !over; i++) {
                    new Run(i).toEnd();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | AssertionError e) {
                violations.add(name + ": " + e);
            } finally {
                working.countDown();
            }
        }

        private ClusterMember anyMember() {
            return members.get(random.nextInt(members.size()));
        }

        /** Asks until there is a result, each time another process. */
        private <T extends @Nullable Object> T ask(String what, Request<T> request) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                try {
                    return request.to(anyMember());
                } catch (Unavailable e) {
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException("There was no result for " + what + ": " + e.getMessage(), e);
                    }
                    repeated.incrementAndGet();
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }

        /** Asks once, and now and then again: the result is the same. */
        private <T> T command(String what, Request<T> request) throws InterruptedException {
            return command(what, request, Object::equals);
        }

        private <T> T command(String what, Request<T> request, BiPredicate<T, T> isSame) throws InterruptedException {
            T result = ask(what, request);
            if (random.nextInt(4) == 0) {
                T again = ask(what, request);
                require(isSame.test(again, result), what + " had the result " + result + " and then " + again);
            }
            return result;
        }

        /** One execution. */
        private final class Run {

            private final String key;
            private final String id;
            private final boolean cancels = random.nextInt(10) == 0;
            private final List<Event> seen = new ArrayList<>();
            private final List<String> given = new ArrayList<>();
            private final long deadline = System.nanoTime() + PATIENCE.toNanos();
            private ClusterMember.@Nullable Follower follower;

            /** The number of the next event that the follower brings. */
            private int next;

            /** What is to be answered; null for nothing. */
            private @Nullable PauseToken open;

            Run(int number) throws InterruptedException {
                key = name + "-" + number;
                String chosen = random.nextBoolean() ? key : null;
                id = command("start " + key, member -> member.start(name, key, chosen));
                observations.add(new Observation.Started(id));
            }

            void toEnd() throws InterruptedException {
                boolean wasCancelled = false;
                try {
                    while (seen.isEmpty() || !seen.get(seen.size() - 1).isLast()) {
                        require(System.nanoTime() < deadline, id + " does not end: " + seen);
                        PauseToken question = open;
                        if (question == null) {
                            follow();
                        } else if (cancels && !given.isEmpty()) {
                            wasCancelled = command("cancel " + id, member -> member.cancel(id, name, key + "-cancel"));
                            require(wasCancelled, id + " waits and cannot be cancelled");
                            open = null;
                        } else {
                            answer(question);
                            open = null;
                        }
                    }
                } finally {
                    leave();
                }
                check(wasCancelled);
            }

            /** Reads what comes next, now and then from another process, and some of it again. */
            private void follow() throws InterruptedException {
                try {
                    ClusterMember.Follower current = follower;
                    if (current == null) {
                        int after = Math.max(0, seen.size() - random.nextInt(4));
                        current = anyMember().follow(name, id, after);
                        follower = current;
                        next = after + 1;
                    }
                    current.next().forEach(this::got);
                    if (random.nextBoolean()) {
                        leave();
                    }
                } catch (Unavailable e) {
                    repeated.incrementAndGet();
                    leave();
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }

            private void leave() {
                if (follower != null) {
                    follower.close();
                    follower = null;
                }
            }

            private void got(Event event) {
                require(
                        event.seq() == next,
                        "event " + event.seq() + " of " + id + " came where " + next + " was next");
                next++;
                if (event.seq() <= seen.size()) {
                    Event known = seen.get((int) event.seq() - 1);
                    require(known.equals(event), "an event of " + id + " was " + known + " and is " + event);
                    return;
                }
                seen.add(event);
                if (event.isQuestion()) {
                    open = new PauseToken(id, String.valueOf(event.nodeId()), String.valueOf(event.tokenId()));
                    observations.add(Observation.Asked.of(open));
                }
            }

            private void answer(PauseToken question) throws InterruptedException {
                require(isListed(question), question + " is open, and a process does not have it");
                String answer = name + "/" + question.tokenId();
                Observation.Answered receipt = command(
                        "answer " + question,
                        member -> member.answer(question, name, answer, answer),
                        Observation.Answered::isSameAs);
                observations.add(receipt);
                require(receipt.isAccepted(), receipt + " instead of a receipt");
                given.add(answer);
            }

            /** {@return whether a process lists an open question, now or somewhat later than the one that has told of it} */
            private boolean isListed(PauseToken question) throws InterruptedException {
                while (System.nanoTime() < deadline) {
                    PauseToken listed = ask("question " + id, member -> member.question(id));
                    if (question.equals(listed)) {
                        return true;
                    }
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                }
                return false;
            }

            private void check(boolean wasCancelled) throws InterruptedException {
                List<Event> again = ask("read " + id, this::all);
                require(again.equals(seen), "the events of " + id + " were " + seen + " and are " + again);
                Event last = seen.get(seen.size() - 1);
                require(
                        last.type().equals(wasCancelled ? "workflow_cancelled" : "workflow_completed"),
                        id + " ended with " + last);
                awaitState(wasCancelled);
                if (wasCancelled) {
                    cancelled.add(id);
                } else {
                    observations.add(new Observation.Ended(id, ExecutionStatus.COMPLETED));
                    completed.add(id);
                }
            }

            /** Reads the state, which the process that has the execution may show somewhat later than another one shows the end. */
            private void awaitState(boolean wasCancelled) throws InterruptedException {
                long patience = System.nanoTime() + LATER.toNanos();
                Value state = ask("state " + id, member -> member.state(id));
                while (!isAtEnd(state, wasCancelled)) {
                    require(
                            System.nanoTime() < patience,
                            id + " has ended with the state " + state + ", and the answers accepted were " + given);
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                    state = ask("state " + id, member -> member.state(id));
                }
            }

            private boolean isAtEnd(Value state, boolean wasCancelled) {
                Value answers = state.get(HistoryCheck.ANSWERS);
                List<String> kept = answers.isMissing()
                        ? List.of()
                        : answers.asMap().values().stream().map(String::valueOf).toList();
                return kept.equals(given)
                        && (wasCancelled || state.get(ClusterWorkflow.WORKS).asInt() == 3);
            }

            /** {@return all events of an execution that has ended, as a process has them} */
            private List<Event> all(ClusterMember member) throws Unavailable, InterruptedException {
                List<Event> all = new ArrayList<>();
                long patience = System.nanoTime() + PATIENCE.toNanos();
                try (ClusterMember.Follower reading = member.follow(name, id, 0)) {
                    while (all.isEmpty() || !all.get(all.size() - 1).isLast()) {
                        require(System.nanoTime() < patience, id + " has ended, and " + member + " has only " + all);
                        all.addAll(reading.next());
                    }
                }
                return all;
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
