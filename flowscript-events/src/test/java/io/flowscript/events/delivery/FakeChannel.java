package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A channel that notes what it is given, does nothing by itself, and tells when it is used as it must not be. */
class FakeChannel implements ClientChannel {

    final List<String> frames = new ArrayList<>();
    final List<Integer> batches = new ArrayList<>();
    final AtomicInteger pings = new AtomicInteger();
    boolean automatic;
    boolean pongs;
    int closeCode;
    private SendCallback underWay;

    @Override
    public void send(List<ByteBuffer> batch, SendCallback done) {
        if (underWay != null) {
            throw new AssertionError("sent before the last one was done");
        }
        if (closeCode != 0) {
            throw new AssertionError("sent after the close");
        }
        batches.add(batch.stream().mapToInt(ByteBuffer::remaining).sum());
        batch.forEach(frame ->
                frames.add(StandardCharsets.UTF_8.decode(frame.duplicate()).toString()));
        if (automatic) {
            done.sent();
        } else {
            underWay = done;
        }
    }

    @Override
    public void close(int code, String reason) {
        closeCode = code;
    }

    @Override
    public boolean ping(Runnable pong) {
        pings.incrementAndGet();
        if (pongs) {
            pong.run();
        }
        return true;
    }

    boolean isBusy() {
        return underWay != null;
    }

    /** Tells the bridge that the batch was sent. */
    void sent() {
        SendCallback done = underWay;
        underWay = null;
        done.sent();
    }

    void failed() {
        SendCallback done = underWay;
        underWay = null;
        done.failed(new IOException("reset by peer"));
    }
}
