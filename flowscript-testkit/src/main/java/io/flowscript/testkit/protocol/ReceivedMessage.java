package io.flowscript.testkit.protocol;

import org.jspecify.annotations.Nullable;

/** What a client receives from the server. */
sealed interface ReceivedMessage {

    /** A message. */
    record Message(@Nullable Object json) implements ReceivedMessage {
        @Override
        public String toString() {
            return JsonTexts.json(json);
        }
    }

    /**
     * The end of the connection.
     *
     * @param code the close code; null for the end of a stream, which has none
     * @param reason the reason; may be empty
     */
    record Closed(@Nullable Integer code, String reason) implements ReceivedMessage {
        @Override
        public String toString() {
            return code == null ? "the end of the stream" : "a close with " + code + " (" + reason + ")";
        }
    }

    /** Input that breaks the protocol. */
    record Broken(String why) implements ReceivedMessage {
        @Override
        public String toString() {
            return why;
        }
    }
}
