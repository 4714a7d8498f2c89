package io.flowscript.events.delivery;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.protocol.ServerMessages;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Encodes events; in the place of one that cannot be encoded, clients are told of a hole. */
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
        try {
            return encoder.apply(event);
        } catch (RuntimeException e) {
            LOGGER.error(
                    "Event {} of execution {}, a {}, cannot be encoded; clients are told that it is missing",
                    event.seq(),
                    event.executionId(),
                    event.type(),
                    e);
            return messages.eventsMissed(event.executionId(), event.epoch(), event.seq(), event.seq());
        }
    }
}
