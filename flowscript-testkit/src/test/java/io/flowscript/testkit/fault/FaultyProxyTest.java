package io.flowscript.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault alone, between a server that says much and a client that counts. */
@Timeout(60)
@Tag("slow")
class FaultyProxyTest {

    private static final int MUCH = 4 << 20;

    /** After so many bytes most faults strike. */
    private static final int BEFORE = 50_000;

    private static final Duration SHORT = Duration.ofMillis(300);

    private Server server;
    private FaultyProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new Server();
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        proxy.close();
        // A thread that has done its work may not have exited yet.
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .as("threads that are left")
                .noneMatch(thread -> thread.getName().startsWith("faulty-proxy")));
        assertThat(proxy.open()).isZero();
    }

    @Test
    void calmPassesEverythingBothWays() throws IOException {
        proxy = FaultyProxy.start(FaultPlan.CALM, 1, server.port());
        try (Socket client = connect()) {
            client.getOutputStream().write(new byte[1_000]);
            client.shutdownOutput();
            assertThat(count(client)).isEqualTo(MUCH);
            await().until(() -> server.heard.get() == 1_000);
        }
        assertThat(proxy.struck()).isEmpty();
        await().until(() -> proxy.open() == 0);
    }

    @Test
    void delaysButLosesNothing() throws IOException {
        proxy = start(FaultPlan.CALM.with(Fault.DELAY, 100).lasting(Duration.ofMillis(20)));
        try (Socket client = connect()) {
            assertThat(count(client)).isEqualTo(MUCH);
        }
        assertThat(proxy.struck().get(Fault.DELAY)).isGreaterThan(MUCH / 2_048 / 2);
    }

    @Test
    void endsInGoodOrderAfterWholePieces() throws IOException {
        proxy = start(plan(Fault.END));
        try (Socket client = connect()) {
            assertThat(count(client)).isBetween(50_000, 60_000);
        }
        assertThat(proxy.struck()).isEqualTo(Map.of(Fault.END, 1));
        await().until(() -> server.open.get() == 0);
    }

    @Test
    void resets() throws IOException {
        proxy = start(plan(Fault.RESET));
        try (Socket client = connect()) {
            assertThatThrownBy(() -> count(client)).isInstanceOf(IOException.class);
        }
        assertThat(proxy.struck()).isEqualTo(Map.of(Fault.RESET, 1));
        await().until(() -> server.open.get() == 0);
    }

    @Test
    void truncatesInTheMiddleOfAPiece() throws IOException {
        proxy = start(plan(Fault.TRUNCATE).after(50_001, 50_001));
        int got = 0;
        try (Socket client = connect()) {
            byte[] some = new byte[1_000];
            for (int length = 0; length >= 0; length = client.getInputStream().read(some)) {
                got += length;
            }
        } catch (IOException reset) {
            // what was on its way may be lost with it
        }
        assertThat(got).isLessThanOrEqualTo(50_001);
        assertThat(proxy.struck()).isEqualTo(Map.of(Fault.TRUNCATE, 1));
    }

    @Test
    void fallsSilentAndTellsNobody() throws IOException {
        server.stays = true;
        for (int seed = 1; seed <= 10; seed++) {
            proxy = FaultyProxy.start(plan(Fault.HALF_OPEN), seed, server.port());
            ConnectionFaults.Strike fate = ConnectionFaults.of(plan(Fault.HALF_OPEN), ConnectionFaults.random(seed, 1))
                    .get(Fault.HALF_OPEN);
            server.heard.set(0);
            try (Socket client = connect()) {
                if (fate.fromServer()) {
                    readUntilStruck(client, Fault.HALF_OPEN);
                    client.setSoTimeout(200);
                    assertThatThrownBy(() -> count(client)).isInstanceOf(SocketTimeoutException.class);
                } else {
                    assertThat(client.getInputStream().readNBytes(MUCH)).hasSize(MUCH);
                }
                assertThat(proxy.struck()).isEqualTo(Map.of(Fault.HALF_OPEN, 1));
                client.getOutputStream().write(new byte[7]);
                if (!fate.fromClient()) {
                    await().until(() -> server.heard.get() == 7);
                }
            }
            if (fate.fromClient()) {
                assertThat(server.open)
                        .as("the server does not know that the client has gone")
                        .hasValue(1);
                assertThat(server.heard).hasValue(0);
            } else {
                await().until(() -> server.open.get() == 0);
            }
            proxy.close();
            await().until(() -> server.open.get() == 0);
        }
    }

    @Test
    void stallsUntilTheServerFeelsIt() throws Exception {
        proxy = start(plan(Fault.STALL).lasting(Duration.ofHours(1)));
        try (Socket client = connect()) {
            readUntilStruck(client, Fault.STALL);
            client.setSoTimeout(500);
            assertThatThrownBy(() -> count(client)).isInstanceOf(SocketTimeoutException.class);
            assertThat(proxy.struck()).isEqualTo(Map.of(Fault.STALL, 1));
            assertThat(server.said).as("what the server got rid of").hasValueLessThan(MUCH);
        }
    }

    @Test
    void goesOnAfterAStall() throws IOException {
        proxy = start(plan(Fault.STALL).lasting(SHORT));
        try (Socket client = connect()) {
            assertThat(count(client)).isEqualTo(MUCH);
        }
        assertThat(proxy.struck()).isEqualTo(Map.of(Fault.STALL, 1));
    }

    @Test
    void endsWhatIsIdle() throws IOException {
        server.silent = true;
        proxy = start(plan(Fault.IDLE).lasting(SHORT));
        try (Socket client = connect()) {
            assertThat(count(client)).isZero();
        }
        assertThat(proxy.struck()).isEqualTo(Map.of(Fault.IDLE, 1));
        await().until(() -> server.open.get() == 0);
    }

    @Test
    void goesElsewhereWhenTold() throws IOException {
        proxy = start(FaultPlan.of(0));
        try (Server other = new Server()) {
            other.silent = true;
            proxy.target(other.port());
            try (Socket client = connect()) {
                client.getOutputStream().write(1);
                await().until(() -> other.heard.get() == 1);
            }
        }
        try (Socket client = connect()) {
            assertThat(client.getInputStream().read()).as("nobody is there").isEqualTo(-1);
        }
    }

    @Test
    void theSameSeedIsTheSameFate() {
        proxy = start(FaultPlan.CALM);
        FaultPlan plan = FaultPlan.of(50);
        for (int connection = 1; connection < 50; connection++) {
            String fate = ConnectionFaults.of(plan, ConnectionFaults.random(7, connection))
                    .toString();
            assertThat(ConnectionFaults.of(plan, ConnectionFaults.random(7, connection))
                            .toString())
                    .isEqualTo(fate);
            assertThat(ConnectionFaults.of(plan, ConnectionFaults.random(8, connection))
                            .toString())
                    .isNotEqualTo(fate);
        }
        assertThat(proxy.toString()).contains("seed=1", "plan=FaultPlan");
    }

    @Test
    void aPlanSaysWhatIsWrongWithIt() {
        proxy = start(FaultPlan.CALM);
        assertThatThrownBy(() -> FaultPlan.of(101)).isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> FaultPlan.CALM.after(5, 4)).isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> FaultPlan.CALM.lasting(Duration.ZERO)).isInstanceOf(FlowScriptException.class);
        assertThat(FaultPlan.of(20).with(Fault.END, 3).percent().get(Fault.END)).isEqualTo(3);
    }

    private static FaultPlan plan(Fault fault) {
        return FaultPlan.CALM.with(fault, 100).after(BEFORE, BEFORE);
    }

    /** Reads what comes before the fault, and waits for the fault: only what follows can be silence. */
    private void readUntilStruck(Socket client, Fault fault) throws IOException {
        assertThat(client.getInputStream().readNBytes(BEFORE)).hasSize(BEFORE);
        await().until(() -> proxy.struck().containsKey(fault));
    }

    private FaultyProxy start(FaultPlan plan) {
        return FaultyProxy.start(plan, 1, server.port());
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(10_000);
        return client;
    }

    private static int count(Socket client) throws IOException {
        byte[] some = new byte[10_000];
        int got = 0;
        for (int length = 0; length >= 0; length = client.getInputStream().read(some)) {
            got += length;
        }
        return got;
    }

    /** Says much to everybody, hears everybody out, and then goes. */
    private static final class Server implements AutoCloseable {

        final AtomicInteger said = new AtomicInteger();
        final AtomicInteger heard = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();
        volatile boolean silent;

        /** Whether it does not end its side when it has said everything: where both have ended, the proxy has no one to keep silent to. */
        volatile boolean stays;

        private final ServerSocket entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
        private final Thread acceptor;

        Server() throws IOException {
            acceptor = start(this::accept);
        }

        int port() {
            return entry.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = entry.accept();
                    sockets.add(socket);
                    open.incrementAndGet();
                    CountDownLatch ways = new CountDownLatch(2);
                    start(() -> {
                        talk(socket);
                        ways.countDown();
                    });
                    start(() -> {
                        listen(socket);
                        ways.countDown();
                    });
                    start(() -> {
                        try {
                            ways.await();
                            socket.close();
                        } catch (InterruptedException | IOException e) {
                            // gone
                        }
                        open.decrementAndGet();
                    });
                }
            } catch (IOException closed) {
                // over
            }
        }

        private void talk(Socket socket) {
            try {
                byte[] piece = new byte[1_024];
                for (int left = silent ? 0 : MUCH; left > 0; left -= piece.length) {
                    socket.getOutputStream().write(piece);
                    said.addAndGet(piece.length);
                }
                if (!silent && !stays) {
                    socket.shutdownOutput();
                }
            } catch (IOException cut) {
                // gone
            }
        }

        private void listen(Socket socket) {
            try {
                while (socket.getInputStream().read() >= 0) {
                    heard.incrementAndGet();
                }
            } catch (IOException cut) {
                // gone
            }
        }

        private static Thread start(Runnable work) {
            Thread thread = new Thread(work, "test-server");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        @Override
        public void close() throws IOException {
            entry.close();
            await().until(() -> !acceptor.isAlive());
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
