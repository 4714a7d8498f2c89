package io.flowscript.testkit.transport;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client and the events that it must receive, numbered from 1. If the client connects again, as polling clients
 * do, the next connection continues at the position that it names. Safe for use by any thread.
 */
final class TestConnection {

    private final Object lock = new Object();
    private final List<byte[]> events = new ArrayList<>();
    private final List<String> received = new ArrayList<>();
    private int looked;
    private volatile @Nullable Peer peer;
    private volatile @Nullable BridgeConnection connection;
    private volatile boolean sentAway;
    private volatile int perFrame = 1;
    private volatile int framesPerSend = 1;

    Peer peer() {
        Peer there = peer;
        if (there == null) {
            throw new IllegalStateException("No client has connected yet");
        }
        return there;
    }

    boolean hasPeer() {
        return peer != null;
    }

    void connected(Peer client) {
        peer = client;
    }

    /** {@return the newest connection; null if there is none yet} */
    @Nullable
    BridgeConnection newest() {
        return connection;
    }

    void use(BridgeConnection newest) {
        connection = newest;
    }

    /** Sets how events are grouped into frames and batches, if the framing allows it. */
    void batches(int eventsPerFrame, int frames) {
        perFrame = eventsPerFrame;
        framesPerSend = frames;
    }

    int perFrame() {
        return perFrame;
    }

    int framesPerSend() {
        return framesPerSend;
    }

    /** Makes the bridge close this client on every later connection. */
    void sendAway() {
        sentAway = true;
    }

    boolean isSentAway() {
        return sentAway;
    }

    void add(List<byte[]> more) {
        synchronized (lock) {
            events.addAll(more);
        }
        BridgeConnection current = connection;
        if (current != null) {
            current.signal();
        }
    }

    long last() {
        synchronized (lock) {
            return events.size();
        }
    }

    /** {@return at most the given number of events after a position} */
    List<byte[]> after(long position, int most) {
        synchronized (lock) {
            int from = (int) Math.min(position, events.size());
            return List.copyOf(events.subList(from, Math.min(from + most, events.size())));
        }
    }

    /** {@return the events that the client has received} */
    List<String> received() {
        List<String> all = peer().received();
        synchronized (lock) {
            for (; looked < all.size(); looked++) {
                if (Messages.isEvent(all.get(looked))) {
                    received.add(all.get(looked));
                }
            }
            return List.copyOf(received);
        }
    }

    /** {@return the difference between received and expected events; null if there is none} */
    @Nullable
    String difference() {
        List<String> got = received();
        List<byte[]> wanted = after(0, Integer.MAX_VALUE);
        for (int i = 0; i < Math.min(got.size(), wanted.size()); i++) {
            String expected = Messages.text(wanted.get(i));
            if (!got.get(i).equals(expected)) {
                return "event " + (i + 1) + " should be " + brief(expected) + " but is " + brief(got.get(i));
            }
        }
        return got.size() == wanted.size() ? null : got.size() + " of " + wanted.size() + " events were received";
    }

    private static String brief(String text) {
        int shown = 200;
        return text.length() <= shown ? text : text.substring(0, shown) + "... (" + text.length() + " characters)";
    }

    @Override
    public String toString() {
        Peer there = peer;
        return "a client that received "
                + (there == null
                        ? "nothing yet"
                        : received().size() + " of " + last() + " events, its end: " + there.end())
                + "; at the bridge: " + (connection == null ? "nobody" : connection);
    }
}
