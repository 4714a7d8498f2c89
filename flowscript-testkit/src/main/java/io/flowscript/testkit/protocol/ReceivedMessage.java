package io.flowscript.testkit.protocol;

import org.jspecify.annotations.Nullable;

/** What comes from the server to a client. */
sealed interface ReceivedMessage {

    /** A message. */
    record Message(@Nullable Object json) implements ReceivedMessage {
        @Override
        public String toString() {
            return JsonTexts.json(json);
        }
    }

    /**
     * The end.
     *
     * @param code the close code; null for the end of a stream, which has none
     */
    record Closed(@Nullable Integer code, String reason) implements ReceivedMessage {
        @Override
        public String toString() {
            return code == null ? "the end of the stream" : "a close with " + code + " (" + reason + ")";
        }
    }

    /** Something that must not be. */
    record Broken(String why) implements ReceivedMessage {
        @Override
        public String toString() {
            return why;
        }
    }
}
