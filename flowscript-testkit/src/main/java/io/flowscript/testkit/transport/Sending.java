package io.flowscript.testkit.transport;

import io.flowscript.core.bridge.ClientChannel.SendCallback;
import java.util.concurrent.atomic.AtomicInteger;

/** One send and the callbacks of the transport for it. */
final class Sending implements SendCallback {

    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Runnable then;

    /** Creates the record of a send. The transport's thread runs {@code then} on the first callback. */
    Sending(Runnable then) {
        this.then = then;
    }

    @Override
    public void sent() {
        said(sent);
    }

    @Override
    public void failed(Throwable cause) {
        said(failed);
    }

    int outcomes() {
        return sent.get() + failed.get();
    }

    boolean isSent() {
        return sent.get() > 0;
    }

    boolean isFailed() {
        return failed.get() > 0;
    }

    private void said(AtomicInteger what) {
        boolean first = outcomes() == 0;
        what.incrementAndGet();
        if (first) {
            then.run();
        }
    }

    @Override
    public String toString() {
        return outcomes() == 0 ? "under way" : "sent " + sent + " times, failed " + failed + " times";
    }
}
