package io.flowscript.testkit.protocol;

import org.jspecify.annotations.Nullable;

/** What comes from the server to a client. */
sealed interface Arrival {

    /** A message. */
    record Message(@Nullable Object json) implements Arrival {
        @Override
        public String toString() {
            return Texts.json(json);
        }
    }

    /**
     * The end.
     *
     * @param code the close code; null for the end of a stream, which has none
     */
    record Closed(@Nullable Integer code, String reason) implements Arrival {
        @Override
        public String toString() {
            return code == null ? "the end of the stream" : "a close with " + code + " (" + reason + ")";
        }
    }

    /** Something that must not be. */
    record Broken(String why) implements Arrival {
        @Override
        public String toString() {
            return why;
        }
    }
}
