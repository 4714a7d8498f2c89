package io.flowscript.events.delivery;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.event.RecordedEvent;
import java.io.ByteArrayOutputStream;

/** Encodes what is shown of an event as one message. Safe for use by any thread. */
@FunctionalInterface
interface LineEncoder {

    /**
     * Encodes an event.
     *
     * @param event the event
     * @param redaction what is hidden
     * @param out receives one JSON object in UTF-8, without a newline
     * @return whether the message has all values of the event
     */
    boolean encode(RecordedEvent event, Redaction redaction, ByteArrayOutputStream out);
}
