package io.flowscript.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.store.SharedStore;
import io.flowscript.store.jdbc.JdbcStore;
import io.flowscript.testkit.crash.ClusterMember;
import io.flowscript.testkit.crash.ClusterPeople;
import io.flowscript.testkit.crash.Observation;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three servers on one database are restarted one after the other, again and again, as when a new version is rolled out, while
 * people use all of them over REST, event streams and WebSocket, with each request over another one. Each is restarted once in a
 * build, and for some seconds at least; ten minutes take
 *
 * <pre>mvn -pl flowscript-examples -am test -Dtest=RollingRestartTest -Dtest.excluded-tags=none -Dcluster.seconds=600</pre>
 */
@Tag("slow")
class RollingRestartTest {

    private static final int SECONDS = Integer.getInteger("cluster.seconds", 20);
    private static final long SEED = Long.getLong("cluster.seed", 1L);
    private static final int PEOPLE = 8;

    /** Longer than the test: executions are handed over, or else they do not go on. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    /** One of the servers. */
    private final class Server implements AutoCloseable {

        private final HttpMember http = new HttpMember() {
            @Override
            int port() {
                return port;
            }
        };
        private final SocketMember webSocket = new SocketMember() {
            @Override
            int port() {
                return port;
            }
        };

        private final String url;
        private final int number;
        private volatile int port;
        private Process process;
        private BufferedReader out;

        Server(String url, int number) {
            this.url = url;
            this.number = number;
        }

        void start() throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx192m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path")
                                    + File.pathSeparator
                                    + System.getProperty("jdk.module.path", ""),
                            SharedServer.class.getName(),
                            url,
                            LEASE.toString(),
                            Integer.toString(port),
                            directory.resolve(number + ".calls").toString())
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            directory.resolve(number + ".log").toFile()))
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
            String line = String.valueOf(out.readLine());
            assertThat(line).as(RollingRestartTest.this::logs).startsWith("listening ");
            port = Integer.parseInt(line.substring("listening ".length()));
        }

        /** Tells the process to end, and waits until it has closed itself. */
        void stop() throws Exception {
            assertThat(process.isAlive()).as(RollingRestartTest.this::logs).isTrue();
            process.toHandle().destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(out.readLine()).isEqualTo("closed");
        }

        Stream<ClusterMember> asMembers() {
            return Stream.of(http, webSocket);
        }

        @Override
        public void close() {
            webSocket.close();
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    private String logs() {
        StringBuilder logs = new StringBuilder();
        files(".log").forEach(file -> {
            logs.append(file.getFileName()).append('\n');
            lines(file).forEach(line -> logs.append(line).append('\n'));
        });
        return logs.toString();
    }

    private List<Path> files(String end) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the calls of nodes in all processes, in their order} */
    private List<Observation.Called> calls() {
        return files(".calls").stream()
                .flatMap(file -> lines(file).stream())
                .map(line -> line.split(" ", -1))
                .sorted(Comparator.comparingLong(call -> Long.parseLong(call[0])))
                .map(call -> new Observation.Called(call[1], call[2], Integer.parseInt(call[3]), "only", call[4]))
                .toList();
    }

    @Test
    @DisplayName(
            "servers are restarted one after the other under load: clients only send again what the protocol says, and lose nothing")
    void restarted() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            List<Server> servers = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    servers.add(new Server(url, i));
                    servers.get(i).start();
                }
                runOn(servers, url);
            } finally {
                servers.forEach(Server::close);
            }
        }
    }

    private void runOn(List<Server> servers, String url) throws Exception {
        int restarts = 0;
        try (ClusterPeople people = ClusterPeople.start(
                PEOPLE, SEED, servers.stream().flatMap(Server::asMembers).toList())) {
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            while ((System.nanoTime() < end || restarts < servers.size()) && !people.hasViolation()) {
                Server next = servers.get(restarts++ % servers.size());
                next.stop();
                next.start();
            }
            people.finish();
            System.out.printf(
                    "%d executions ended, %d requests were repeated, %d restarts in %d s%n",
                    people.ended(), people.repeated(), restarts, SECONDS);
            try (SharedStore store = JdbcStore.openShared(url, LEASE)) {
                assertThat(people.violations(store, calls())).as(this::logs).isEmpty();
            }
            assertThat(people.ended()).isGreaterThan(PEOPLE);
        }
    }
}
