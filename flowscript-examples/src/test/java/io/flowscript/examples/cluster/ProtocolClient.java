package io.flowscript.examples.cluster;

import io.flowscript.core.json.Value;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.testkit.crash.ClusterMember.Event;
import io.flowscript.testkit.crash.ClusterMember.Unavailable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/** What a client of the protocol does over any transport. Stateless. */
final class ProtocolClient {

    /** How long a client waits for a reply. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The codes after which the same request can succeed later. */
    private static final Set<String> AGAIN = Set.of("store_unavailable", "server_closing", "rate_limited");

    private ProtocolClient() {}

    /** {@return that a request is to be sent again; throws when the protocol does not say so} */
    static Unavailable again(String code, String reply) {
        if (!AGAIN.contains(code)) {
            throw new IllegalStateException("The protocol does not say to send it again: " + reply);
        }
        return new Unavailable(code);
    }

    /** {@return whether a request that was refused with this code is to be sent again} */
    static boolean isForAgain(String code) {
        return AGAIN.contains(code);
    }

    static Value read(String json) {
        return read(json.getBytes(StandardCharsets.UTF_8));
    }

    static Value read(byte[] json) {
        return Value.of(new JsonReader(50).read(ByteBuffer.wrap(json)));
    }

    /** {@return the event that a message is; null when it is another message, which tells of no hole} */
    static Event event(Value message, String text) {
        String type = message.get("type").asString();
        if (type.equals("events_missed") || type.equals("events_skipped")) {
            throw new IllegalStateException("A hole: " + text);
        }
        Value data = message.get("data");
        return message.get("seq").isMissing()
                ? null
                : new Event(
                        message.get("seq").asLong(), type, text(data.get("nodeId")), text(data.get("tokenId")), text);
    }

    private static String text(Value value) {
        return value.isMissing() || value.isNull() ? null : value.asString();
    }
}
