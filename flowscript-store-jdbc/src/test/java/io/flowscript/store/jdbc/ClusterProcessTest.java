package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.store.SharedStore;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.testkit.crash.ClusterMember;
import io.flowscript.testkit.crash.ClusterPeople;
import io.flowscript.testkit.crash.Observation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private static final String GONE = "error gone";

    /** What the process that is asked next may do. */
    private static final Set<String> AGAIN =
            Set.of(GONE, "error store_unavailable", "error engine_closed", "error store_closed", "error store_failed");

    private final List<Member> members = new ArrayList<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    /** One of the processes, from the outside. */
    private final class Member implements ClusterMember {

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
            Process started = ClusterProcess.start(url, LEASE, directory.resolve(this + ".log"));
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
                            violations.add(this + ": " + parts[1]);
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
            waiting.values().forEach(waits -> waits.complete(GONE));
            waiting.clear();
        }

        /** {@return the result, which is no error} */
        private String ask(String request) throws Unavailable, InterruptedException {
            String number = Integer.toString(requests.incrementAndGet());
            CompletableFuture<String> reply = new CompletableFuture<>();
            waiting.put(number, reply);
            in.println(number + " " + request);
            if (in.checkError() || !process.isAlive()) {
                waiting.remove(number);
                throw new Unavailable("gone");
            }
            String result;
            try {
                result = reply.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new Unavailable("timeout");
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e);
            }
            if (AGAIN.contains(result)) {
                throw new Unavailable(result);
            } else if (result.startsWith("error ")) {
                throw new IllegalStateException(request + ": " + result);
            }
            return result;
        }

        private Value json(String request) throws Unavailable, InterruptedException {
            return Value.of(new JsonReader(50).read(ByteBuffer.wrap(ask(request).getBytes(StandardCharsets.UTF_8))));
        }

        @Override
        public String start(String by, String key, String executionId) throws Unavailable, InterruptedException {
            return ask("start " + key); // below the protocol, the caller chooses the id
        }

        @Override
        public Follower follow(String by, String executionId, long after) {
            return new Polls(executionId, after);
        }

        @Override
        public PauseToken question(String executionId) throws Unavailable, InterruptedException {
            String[] open = ask("question " + executionId).split(" ", -1);
            return open[0].equals("none") ? null : new PauseToken(executionId, open[0], open[1]);
        }

        @Override
        public Observation.Answered answer(PauseToken token, String by, String key, String answer)
                throws Unavailable, InterruptedException {
            String[] receipt = ask("answer " + token.executionId() + " " + token.nodeId() + " " + token.tokenId() + " "
                            + by + " " + answer)
                    .split(" ", -1);
            return new Observation.Answered(
                    token.executionId(),
                    token.nodeId(),
                    token.tokenId(),
                    by,
                    answer,
                    receipt[0],
                    receipt.length == 1 ? null : Instant.parse(receipt[1]));
        }

        @Override
        public boolean cancel(String executionId, String by, String key) throws Unavailable, InterruptedException {
            return Boolean.parseBoolean(ask("cancel " + executionId));
        }

        @Override
        public Value state(String executionId) throws Unavailable, InterruptedException {
            return json("state " + executionId);
        }

        /** Reads again and again what is there. */
        private final class Polls implements Follower {

            private final String executionId;
            private long after;

            Polls(String executionId, long after) {
                this.executionId = executionId;
                this.after = after;
            }

            @Override
            public List<Event> next() throws Unavailable, InterruptedException {
                List<Event> events = new ArrayList<>();
                for (Value each : json("read " + executionId + " " + after).asList()) {
                    after = each.get("seq").asLong();
                    events.add(new Event(
                            after,
                            each.get("type").asString(),
                            text(each.get("node")),
                            text(each.get("token")),
                            each.get("text").asString()));
                }
                return events;
            }

            private String text(Value value) {
                return value.isMissing() ? null : value.asString();
            }

            @Override
            public void close() {
                // Nothing is open between two requests.
            }
        }

        @Override
        public String toString() {
            return "process-" + members.indexOf(this);
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
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
        try (ClusterPeople people = ClusterPeople.start(PEOPLE, SEED, members)) {
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            int kills = 0;
            int stops = 0;
            while (System.nanoTime() < end && !people.hasViolation() && violations.isEmpty()) {
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
            people.finish();
            System.out.printf(
                    "%d executions ended, %d requests were repeated, %d kills, %d stops in %d s%n",
                    people.ended(), people.repeated(), kills, stops, SECONDS);
            List<String> all = new ArrayList<>(violations);
            try (SharedStore store = JdbcStore.openShared(url, LEASE)) {
                all.addAll(people.violations(store, List.of()));
            }
            assertThat(all).as(this::logs).isEmpty();
            assertThat(people.ended()).isGreaterThan(PEOPLE);
        } finally {
            for (Member member : members) {
                member.process.destroyForcibly();
            }
        }
    }
}
