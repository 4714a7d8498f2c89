package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.protocol.ServerMessages;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Encodes events. If an event cannot be encoded, its place is taken by an {@code events_missed} message. */
final class GuardedEncoder implements Function<RecordedEvent, byte[]> {

    private static final Logger LOGGER = LoggerFactory.getLogger(GuardedEncoder.class);

    private final Function<RecordedEvent, byte[]> encoder;
    private final ServerMessages messages;

    GuardedEncoder(Function<RecordedEvent, byte[]> encoder, ServerMessages messages) {
        this.encoder = encoder;
        this.messages = messages;
    }

    @Override
    public byte[] apply(RecordedEvent event) {
        return Guard.call(() -> encoder.apply(event), thrown -> {
            Guard.report(
                    thrown,
                    shown -> LOGGER.error(
                            "Encoding event {} of execution {}, type {}, failed; clients receive events_missed for it",
                            event.seq(),
                            event.executionId(),
                            event.type(),
                            shown));
            return messages.eventsMissed(event.executionId(), event.epoch(), event.seq(), event.seq());
        });
    }
}
