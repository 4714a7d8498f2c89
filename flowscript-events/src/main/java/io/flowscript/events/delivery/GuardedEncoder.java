package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.protocol.ServerMessages;
import java.io.ByteArrayOutputStream;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes events, and says of each whether its message has all of its values. If an event cannot be encoded, its place is taken by
 * an {@code events_missed} message.
 */
final class GuardedEncoder implements BiPredicate<RecordedEvent, ByteArrayOutputStream> {

    private static final Logger LOGGER = LoggerFactory.getLogger(GuardedEncoder.class);

    private final BiPredicate<RecordedEvent, ByteArrayOutputStream> encoder;
    private final ServerMessages messages;

    GuardedEncoder(BiPredicate<RecordedEvent, ByteArrayOutputStream> encoder, ServerMessages messages) {
        this.encoder = encoder;
        this.messages = messages;
    }

    @Override
    public boolean test(RecordedEvent event, ByteArrayOutputStream out) {
        return Guard.call(() -> encoder.test(event, out), thrown -> {
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
