package io.flowscript.benchmarks.load;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.EventBridge;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A client with {@code flowscript.v2} in the process of the server. It takes each frame at once, and looks only at the
 * number of the last event in it, so it costs next to nothing.
 */
public final class LocalClient implements ClientChannel {

    private static final byte[] SEQ = "\"seq\":".getBytes(StandardCharsets.US_ASCII);

    private volatile long latest;
    private volatile String ending = "";

    private LocalClient() {}

    /**
     * Connects and subscribes.
     *
     * @param bridge the bridge
     * @param executionId the execution
     * @param after the event after which it reads, as in the message {@code subscribe}
     * @return the client
     */
    public static LocalClient on(EventBridge bridge, String executionId, String after) {
        LocalClient client = new LocalClient();
        ClientSession session = bridge.connect(client, new ClientInfo(Identity.ANONYMOUS, Framing.LINES));
        String subscribe = ClientProcess.subscribe(executionId, after);
        session.receive(ByteBuffer.wrap(subscribe.getBytes(StandardCharsets.UTF_8)), () -> {});
        return client;
    }

    /** {@return the number of the newest event that it has got} */
    public long latest() {
        if (!ending.isEmpty()) {
            throw new IllegalStateException("The local client was closed: " + ending);
        }
        return latest;
    }

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        ByteBuffer last = frames.get(frames.size() - 1);
        int begin = last.limit() - 1;
        while (begin > 0 && last.get(begin - 1) != '\n') {
            begin--;
        }
        long seq = seq(last, begin);
        if (seq >= 0) {
            latest = seq;
        }
        done.sent();
    }

    /** Returns the number of the event that begins there; -1 if it is no event. */
    private static long seq(ByteBuffer line, int begin) {
        int matched = 0;
        for (int at = begin; at < line.limit(); at++) {
            byte b = line.get(at);
            if (matched == SEQ.length) {
                long value = 0;
                for (int i = at; line.get(i) >= '0' && line.get(i) <= '9'; i++) {
                    value = value * 10 + line.get(i) - '0';
                }
                return value;
            }
            matched = b == SEQ[matched] ? matched + 1 : b == SEQ[0] ? 1 : 0;
        }
        return -1;
    }

    @Override
    public void close(int code, String reason) {
        ending = reason;
    }
}
