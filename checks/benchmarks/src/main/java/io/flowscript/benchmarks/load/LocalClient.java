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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client with {@code flowscript.v2} in the process of the server. It takes each frame at once, and looks only at the
 * number of the last event in it, so it costs next to nothing.
 */
final class LocalClient implements ClientChannel {

    private static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+)");

    private volatile long latest;
    private volatile String ending = "";

    /** Subscribes to what comes after the newest event of the load. */
    static LocalClient on(EventBridge bridge) {
        LocalClient client = new LocalClient();
        ClientSession session = bridge.connect(client, new ClientInfo(Identity.ANONYMOUS, Framing.LINES));
        String subscribe = ClientProcess.subscribe("\"latest\"");
        session.receive(ByteBuffer.wrap(subscribe.getBytes(StandardCharsets.UTF_8)), () -> {});
        return client;
    }

    /** {@return the number of the newest event that it has got} */
    long latest() {
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
        Matcher seq = SEQ.matcher(StandardCharsets.UTF_8.decode(last.slice(begin, last.limit() - begin)));
        if (seq.find()) {
            latest = Long.parseLong(seq.group(1));
        }
        done.sent();
    }

    @Override
    public void close(int code, String reason) {
        ending = reason;
    }
}
