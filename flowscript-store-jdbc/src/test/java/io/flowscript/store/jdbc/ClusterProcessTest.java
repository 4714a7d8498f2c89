package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes on one database, one of which is killed, or stopped for longer than its lease, again and again, while people
 * start, follow, answer and cancel executions at any of them. A build has some seconds; ten minutes take
 *
 * <pre>mvn -pl flowscript-store-jdbc -am test -Dtest=ClusterProcessTest -Dtest.excluded-tags=none -Dcluster.seconds=600</pre>
 */
@Tag("slow")
class ClusterProcessTest {

    private static final int SECONDS = Integer.getInteger("cluster.seconds", 20);
    private static final long SEED = Long.getLong("cluster.seed", 1L);
    private static final int PEOPLE = 12;
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final List<Member> members = new ArrayList<>();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();
    private volatile boolean over;

    @TempDir
    private Path directory;

    /** One of the processes, from the outside. */
    private final class Member {

        private final String url;
        private final AtomicInteger requests = new AtomicInteger();
        private final Map<String, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
        private volatile Process process;
        private volatile PrintStream in;
        private volatile CompletableFuture<String> ready;

        Member(String url) {
            this.url = url;
        }

        void start() throws IOException {
            ready = new CompletableFuture<>();
            Process started =
                    ClusterProcess.start(url, LEASE, directory.resolve("process-" + members.indexOf(this) + ".log"));
            process = started;
            in = new PrintStream(started.getOutputStream(), true, StandardCharsets.UTF_8);
            CompletableFuture<String> isReady = ready;
            Thread reader = new Thread(() -> read(started, isReady));
            reader.setDaemon(true);
            reader.start();
        }

        private void read(Process from, CompletableFuture<String> isReady) {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String[] parts = line.split(" ", 2);
                    if (parts[0].equals("0")) {
                        if (parts[1].startsWith("violation")) {
                            violations.add(parts[1]);
                        }
                        isReady.complete(parts[1]);
                    } else {
                        CompletableFuture<String> waits = waiting.remove(parts[0]);
                        if (waits != null) {
                            waits.complete(parts[1]);
                        }
                    }
                }
            } catch (IOException e) {
                // The process was killed.
            }
            isReady.complete("gone");
            waiting.values().forEach(waits -> waits.complete("error gone"));
            waiting.clear();
        }

        /** {@return the result; one that begins with "error" when there is none} */
        String ask(String request) throws InterruptedException {
            String number = Integer.toString(requests.incrementAndGet());
            CompletableFuture<String> result = new CompletableFuture<>();
            waiting.put(number, result);
            in.println(number + " " + request);
            if (in.checkError() || !process.isAlive()) {
                waiting.remove(number);
                return "error gone";
            }
            try {
                return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return "error timeout";
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    /** Somebody who runs executions, each to its end, and asks another process each time. */
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
                    runToEnd(name + "-" + i);
                    finished.incrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | AssertionError e) {
                violations.add(name + ": " + e);
            }
        }

        /** Asks until there is a result, each time another process. */
        private String ask(String request) throws InterruptedException {
            for (int i = 0; i < 100; i++) {
                String result = members.get(random.nextInt(members.size())).ask(request);
                boolean again = List.of(
                                "error gone",
                                "error timeout",
                                "error store_unavailable",
                                "error engine_closed",
                                "error store_closed",
                                "error store_failed")
                        .contains(result);
                if (!again) {
                    return result;
                }
                retried.incrementAndGet();
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
            throw new IllegalStateException("There was no result for " + request);
        }

        private void runToEnd(String id) throws InterruptedException {
            String started = ask("start " + id);
            if (!started.equals(id) && !started.equals("error execution_exists")) {
                throw new IllegalStateException("start " + id + ": " + started);
            }
            boolean cancels = random.nextInt(10) == 0;
            TreeMap<Long, String> seen = new TreeMap<>();
            List<String> accepted = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (seen.isEmpty() || !isEnd(seen.lastEntry().getValue())) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(id + " does not end: " + seen + " " + ask("question " + id));
                }
                follow(id, seen);
                String question = ask("question " + id);
                if (question.startsWith("open ")) {
                    answer(id, question.substring(5), cancels, accepted);
                } else if (question.startsWith("error")) {
                    throw new IllegalStateException("question " + id + ": " + question);
                }
            }
            check(id, seen, accepted);
        }

        private void answer(String id, String token, boolean cancels, List<String> accepted)
                throws InterruptedException {
            if (cancels && !accepted.isEmpty()) {
                ask("cancel " + id);
                return;
            }
            String key = name + "/" + token;
            String receipt = ask("answer " + id + " " + token + " " + key);
            if (receipt.equals("accepted")) {
                if (!accepted.contains(key)) {
                    accepted.add(key);
                }
            } else if (!receipt.equals("execution_finished")) {
                throw new IllegalStateException("answer " + id + " " + token + ": " + receipt + debug(id));
            }
        }

        /** {@return what each process has of an execution} */
        private String debug(String id) throws InterruptedException {
            StringBuilder all = new StringBuilder();
            for (Member member : members) {
                all.append("; ").append(member.ask("debug " + id));
            }
            return all.toString();
        }

        private void follow(String id, NavigableMap<Long, String> seen) throws InterruptedException {
            long after = seen.isEmpty() ? 0 : seen.lastKey();
            // Some events are read again, somewhere else: they are the same.
            long from = Math.max(0, after - random.nextInt(4));
            String[] events = ask("read " + id + " " + from).split(" ");
            if (!events[0].equals("events")) {
                throw new IllegalStateException("read " + id + ": " + String.join(" ", events));
            }
            long expected = from;
            for (int i = 1; i < events.length; i++) {
                String[] event = events[i].split(":", 2);
                long seq = Long.parseLong(event[0]);
                assertThat(seq).as("the next event of " + id).isEqualTo(++expected);
                String known = seen.putIfAbsent(seq, event[1]);
                assertThat(known == null || known.equals(event[1]))
                        .as("event " + seq + " of " + id + " was " + known + " and is " + event[1])
                        .isTrue();
            }
        }

        private boolean isEnd(String event) {
            return event.endsWith(":workflow:completed")
                    || event.endsWith(":workflow:failed")
                    || event.endsWith(":workflow:cancelled");
        }

        private void check(String id, NavigableMap<Long, String> seen, List<String> accepted)
                throws InterruptedException {
            assertThat(seen.firstKey()).isEqualTo(1);
            assertThat(seen).hasSize(seen.lastKey().intValue());
            String last = seen.lastEntry().getValue();
            assertThat(last).as(id + " " + seen).doesNotEndWith("workflow:failed");
            String state = ask("state " + id);
            String given =
                    String.join("", accepted.stream().map(key -> key + ";").toList());
            if (last.endsWith("completed")) {
                assertThat(state).as(id).isEqualTo("3 " + given);
            } else {
                assertThat(state).as(id).endsWith(given);
            }
        }
    }

    private void awaitReady(Member member) throws Exception {
        assertThat(member.ready.get(60, TimeUnit.SECONDS)).as(this::logs).isEqualTo("ready");
    }

    /** {@return what the processes have logged} */
    private String logs() {
        StringBuilder logs = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                logs.append(file.getFileName()).append('\n').append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return logs.toString();
    }

    @Test
    @DisplayName(
            "processes die and stop under load: no execution is lost or run twice, no event is missing, every receipt is kept")
    void killedAndStopped() throws Exception {
        String url = PostgresServer.url(PostgresServer.newDatabase());
        Random random = new Random(SEED);
        for (int i = 0; i < 3; i++) {
            Member member = new Member(url);
            members.add(member);
            member.start();
        }
        for (Member member : members) {
            awaitReady(member);
        }
        ExecutorService people = Executors.newFixedThreadPool(PEOPLE);
        List<Future<?>> all = new ArrayList<>();
        try {
            for (int i = 0; i < PEOPLE; i++) {
                all.add(people.submit(new Person("p" + i, SEED + i)));
            }
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            int kills = 0;
            int stops = 0;
            while (System.nanoTime() < end && violations.isEmpty()) {
                LockSupport.parkNanos(
                        Duration.ofMillis(1_000 + random.nextInt(2_000)).toNanos());
                Member member = members.get(random.nextInt(members.size()));
                if (random.nextBoolean()) {
                    member.signal("KILL");
                    kills++;
                    assertThat(member.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
                    member.start();
                    awaitReady(member);
                } else {
                    member.signal("STOP");
                    stops++;
                    LockSupport.parkNanos(LEASE.toNanos()
                            + Duration.ofMillis(random.nextInt(2_000)).toNanos());
                    member.signal("CONT");
                }
            }
            over = true;
            for (Future<?> each : all) {
                each.get(3, TimeUnit.MINUTES);
            }
            System.out.printf(
                    "%d executions ended, %d requests were repeated, %d kills, %d stops in %d s%n",
                    finished.get(), retried.get(), kills, stops, SECONDS);
            assertThat(violations).as(this::logs).isEmpty();
            assertThat(finished).hasValueGreaterThan(PEOPLE);
        } finally {
            people.shutdownNow();
            for (Member member : members) {
                member.process.destroyForcibly();
            }
        }
    }
}
