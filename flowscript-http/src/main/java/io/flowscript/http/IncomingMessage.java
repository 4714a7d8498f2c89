package io.flowscript.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Gathers the parts of one message (RFC 6455, section 5.4), up to a size. For one thread at a time, apart from {@link #drop}. */
final class IncomingMessage {

    private static final int SCRATCH_CHARS = 1024;

    private final int maxBytes;
    private final InboundMemory.Message content;
    private final boolean binary;
    private int discarded;

    /**
     * Begins a message.
     *
     * @param binary whether it is binary, and not text
     * @param maxBytes the maximum size of a message
     * @param memory holds what has arrived
     * @param evicted called when the message is given up, since the server is short of memory
     */
    IncomingMessage(boolean binary, int maxBytes, InboundMemory memory, Runnable evicted) {
        this.binary = binary;
        this.maxBytes = maxBytes;
        this.content = memory.message(maxBytes, evicted);
    }

    /** What came of a part. */
    enum State {
        /** More fragments follow. */
        PARTIAL,
        /** A whole message of text is there, to be taken. */
        TEXT,
        /** A whole binary message went by; nothing of it is kept. */
        BINARY,
        /** A whole message of text is there that is not UTF-8. */
        NOT_UTF8,
        /** It grew over the limit; its beginning is there, to be taken. */
        TOO_LARGE,
        /** It was given up, since the server is short of memory; nothing of it is kept. */
        EVICTED
    }

    /**
     * Takes a part in; it is copied.
     *
     * @param part the next part of the message
     * @param last whether the message is complete with it
     * @return what came of it
     */
    State add(ByteBuffer part, boolean last) {
        if (binary) {
            discarded += part.remaining();
            if (discarded > maxBytes) {
                return State.TOO_LARGE;
            }
            return last ? State.BINARY : State.PARTIAL;
        }
        switch (content.add(part, last)) {
            case TOO_LARGE -> {
                return State.TOO_LARGE;
            }
            case EVICTED -> {
                return State.EVICTED;
            }
            case TAKEN -> {
                if (!last) {
                    return State.PARTIAL;
                }
            }
        }
        return isUtf8(content.take()) ? State.TEXT : State.NOT_UTF8;
    }

    /** {@return the whole message, or the beginning of one that is too large} Its memory is counted until {@link #drop}. */
    ByteBuffer take() {
        return content.take().asReadOnlyBuffer();
    }

    /** Gives the memory back. Any thread may call it. */
    void drop() {
        content.drop();
    }

    private static boolean isUtf8(ByteBuffer text) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer scratch = CharBuffer.allocate(Math.min(SCRATCH_CHARS, text.remaining() + 1));
        CoderResult result;
        do {
            scratch.clear();
            result = decoder.decode(text, scratch, true);
        } while (result.isOverflow());
        return !result.isError();
    }
}
