package io.flowscript.testkit.transport;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Transport;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A small transport within the process, right but for one fault. */
final class PipeTransport implements Transport {

    private static final AtomicInteger THREADS = new AtomicInteger();

    final Fault fault;
    final String threadName = "pipe-" + THREADS.incrementAndGet() + ".";
    private final Set<Pipe> pipes = ConcurrentHashMap.newKeySet();
    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile EventBridge bridge;
    private volatile boolean closed;

    PipeTransport(Fault fault) {
        this.fault = fault;
    }

    @Override
    public void start(EventBridge with) {
        bridge = with;
        Thread keeper = new Thread(this::stay, threadName);
        keeper.setDaemon(true);
        keeper.start();
    }

    private void stay() {
        try {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Pipe connect() {
        if (bridge == null || (closed && fault != Fault.TAKES_CLIENTS_IN_WHEN_CLOSED)) {
            throw new FlowScriptException("server_closing", "Nobody is taken in");
        }
        Pipe pipe = new Pipe(this, bridge.maxMessageBytes());
        pipes.add(pipe);
        int number = made.incrementAndGet();
        try {
            ClientSession session = bridge.connect(pipe, new ClientInfo(Identity.ANONYMOUS, Framing.LINES));
            pipe.opened(session, number);
        } catch (FlowScriptException refused) {
            if (fault != Fault.KEEPS_WHO_IS_REFUSED) {
                boolean closing = refused.code().equals("server_closing");
                pipe.end(new Peer.End(closing ? CloseCode.GOING_AWAY : CloseCode.OVERLOADED, ""), false);
            }
        } catch (RuntimeException e) {
            if (fault != Fault.KEEPS_WHO_COULD_NOT_BE_CONNECTED) {
                pipe.end(new Peer.End(CloseCode.OVERLOADED, "internal"), false);
            }
        }
        return pipe;
    }

    int connections() {
        return pipes.size();
    }

    void gone(Pipe pipe, int number) {
        if (fault != Fault.FORGETS_TO_FORGET || number % 10 != 9) {
            pipes.remove(pipe);
        }
    }

    /** Whether another client does not take what was sent to it. */
    boolean isHeldUp(Pipe by) {
        return pipes.stream().anyMatch(pipe -> pipe != by && pipe.isFull());
    }

    /** Whether a call of send does not return because its client does not read. */
    boolean isHoldingUpASend() {
        return fault == Fault.BLOCKS_IN_SEND && pipes.stream().anyMatch(Pipe::isFull);
    }

    @Override
    public void close() {
        if (closed && fault == Fault.THROWS_WHEN_CLOSED_AGAIN) {
            throw new IllegalStateException("closed already");
        }
        closed = true;
        if (fault != Fault.LEAVES_A_THREAD) {
            stop.countDown();
        }
        for (Pipe pipe : pipes) {
            if (fault != Fault.LEAVES_SLOW_CLIENTS_WHEN_CLOSED || !pipe.isFull()) {
                pipe.end(new Peer.End(CloseCode.GOING_AWAY, "closed"), true);
            }
        }
    }
}
