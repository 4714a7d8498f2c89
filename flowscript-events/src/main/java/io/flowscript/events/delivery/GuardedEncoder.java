package io.flowscript.events.delivery;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.protocol.ServerMessages;
import java.io.ByteArrayOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes events, and says of each whether its message has all of its values. If an event cannot be encoded, its place is taken by
 * an {@code events_missed} message.
 */
final class GuardedEncoder implements LineEncoder {

    private static final Logger LOGGER = LoggerFactory.getLogger(GuardedEncoder.class);

    private final LineEncoder encoder;
    private final ServerMessages messages;

    GuardedEncoder(LineEncoder encoder, ServerMessages messages) {
        this.encoder = encoder;
        this.messages = messages;
    }

    @Override
    public boolean encode(RecordedEvent event, Redaction redaction, ByteArrayOutputStream out) {
        return Guard.call(() -> encoder.encode(event, redaction, out), thrown -> {
            Guard.report(
                    thrown,
                    shown -> LOGGER.error(
                            "Encoding event {} of execution {}, type {}, failed; clients receive events_missed for it",
                            event.seq(),
                            event.executionId(),
                            event.type(),
                            shown));
            out.reset();
            out.writeBytes(messages.eventsMissed(event.executionId(), event.epoch(), event.seq(), event.seq()));
            return false;
        });
    }
}
