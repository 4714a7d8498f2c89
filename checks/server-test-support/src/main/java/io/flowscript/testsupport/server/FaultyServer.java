package io.flowscript.testsupport.server;

import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testkit.fault.FaultPlan;
import io.flowscript.testkit.fault.FaultyProxy;
import io.flowscript.testkit.fault.SocketSchedules;
import io.flowscript.testkit.fault.SocketSchedules.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A server behind a network with faults. It is restarted, now and then with a new bridge. For one thread. */
final class FaultyServer implements AutoCloseable {

    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final Duration STALL = Duration.ofMillis(500);

    /** Connections after this number suffer no faults, so that a schedule ends. */
    private static final int TROUBLED = 40;

    private final FlowScript flows;
    private final SocketSchedules.Server server;
    private final Executor threads;
    private final FaultyProxy proxy;
    private final List<CompletableFuture<Void>> closings = new ArrayList<>();
    private FlowScriptBridge bridge;
    private Listener listener;

    /**
     * Starts a server.
     *
     * @param seed fixes which connection suffers what
     * @param threads close the old servers
     */
    FaultyServer(FlowScript flows, SocketSchedules.Server server, FaultPlan plan, long seed, Executor threads) {
        this.flows = flows;
        this.server = server;
        this.threads = threads;
        bridge = bridge();
        listener = server.start(flows, bridge);
        proxy = FaultyProxy.start(plan, seed, listener.port());
    }

    FaultyProxy proxy() {
        return proxy;
    }

    /** Ends the faults after many connections. */
    void calm() {
        if (proxy.connections() > TROUBLED) {
            proxy.plan(FaultPlan.CALM);
        }
    }

    /**
     * Restarts the server: one after the other with a gap, or the new one before the old one closes.
     *
     * @param gap waits for a moment in which there is no server
     */
    void restart(Random random, Runnable gap) {
        FlowScriptBridge oldBridge = bridge;
        Listener oldListener = listener;
        bridge = random.nextBoolean() ? bridge : bridge();
        boolean hasGap = random.nextBoolean();
        if (hasGap) {
            close(oldListener);
            gap.run();
        }
        listener = server.start(flows, bridge);
        proxy.target(listener.port());
        if (!hasGap) {
            close(oldListener);
        }
        if (!oldBridge.equals(bridge)) {
            oldBridge.close();
        }
    }

    /** Closes a listener on another thread, since that takes time when clients do not answer. */
    private void close(Listener old) {
        closings.add(CompletableFuture.runAsync(old::close, threads));
    }

    private FlowScriptBridge bridge() {
        return FlowScriptBridge.builder(flows)
                .limits(BridgeLimits.defaults().batchFrames(20))
                .heartbeat(HEARTBEAT)
                .stallTimeout(STALL)
                .build();
    }

    @Override
    public void close() {
        proxy.close();
        close(listener);
        closings.forEach(CompletableFuture::join);
        bridge.close();
    }
}
