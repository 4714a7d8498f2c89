package io.flowscript.http;

import io.flowscript.core.bridge.ClientChannel.SendCallback;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes parts to a sink, one after the other: a batch, a ping, the end. At most one of each waits. Safe for use by any
 * thread. A sink that completes a write within the call does not make the call stack deeper.
 */
final class SinkWriter {

    private final EventSink sink;
    private final Runnable broken;
    private final Queue<Part> parts = new ArrayDeque<>();
    private final Part end = new Part(ByteBuffer.allocate(0), new Nobody());
    private boolean writing;

    /**
     * Creates a writer.
     *
     * @param sink receives the parts
     * @param broken run when the sink has failed, before the sink is ended
     */
    SinkWriter(EventSink sink, Runnable broken) {
        this.sink = sink;
        this.broken = broken;
    }

    void write(ByteBuffer bytes, SendCallback done) {
        add(new Part(bytes, done));
    }

    /** Ends the response. Nothing may be written after this. */
    void end() {
        add(end);
    }

    private void add(Part part) {
        synchronized (parts) {
            parts.add(part);
            if (writing) {
                return;
            }
            writing = true;
        }
        writeAll();
    }

    private void writeAll() {
        Part next = next();
        while (next != null && next != end) {
            sink.write(next.bytes, next);
            if (!next.isSecond()) {
                return; // continues when this write has completed
            }
            next = next();
        }
        if (next != null) {
            sink.end();
        }
    }

    private @Nullable Part next() {
        synchronized (parts) {
            Part next = parts.poll();
            writing = next != null;
            return next;
        }
    }

    /** A callback that does nothing. */
    private static final class Nobody implements SendCallback {
        @Override
        public void sent() {}

        @Override
        public void failed(Throwable cause) {}
    }

    /**
     * One write, or the end. The sink may call the callback before or after its method returns; whichever comes
     * second continues with the next part.
     */
    private final class Part implements SendCallback {

        private final ByteBuffer bytes;
        private final SendCallback done;
        private final AtomicBoolean first = new AtomicBoolean();

        Part(ByteBuffer bytes, SendCallback done) {
            this.bytes = bytes;
            this.done = done;
        }

        boolean isSecond() {
            return !first.compareAndSet(false, true);
        }

        @Override
        public void sent() {
            done.sent();
            if (isSecond()) {
                writeAll();
            }
        }

        @Override
        public void failed(Throwable cause) {
            broken.run();
            done.failed(cause);
            sink.abort(cause);
        }
    }
}
