package io.flowscript.ws.jetty;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/** Gathers the fragments of one message (RFC 6455, section 5.4), up to a size. For one thread at a time. */
final class IncomingMessage {

    private static final byte[] NOTHING = new byte[0];
    private static final int SCRATCH_CHARS = 1024;

    private final int maxBytes;
    private byte[] bytes = NOTHING;
    private int size;
    private boolean binary;

    IncomingMessage(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What came of a frame. */
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
        TOO_LARGE
    }

    /**
     * Takes a frame in; its payload is copied.
     *
     * @param frame text, binary, or a continuation
     * @return what came of it
     */
    State add(Frame frame) {
        if (frame.getOpCode() != OpCode.CONTINUATION) {
            binary = frame.getOpCode() == OpCode.BINARY;
            size = 0;
        }
        int added = frame.getPayloadLength();
        if (added > maxBytes - size) {
            if (!binary) {
                append(frame.getPayload().slice().limit(maxBytes - size), true);
                size = maxBytes;
            }
            return State.TOO_LARGE;
        }
        if (!binary && added > 0) {
            append(frame.getPayload().slice(), frame.isFin());
        }
        size += added;
        if (!frame.isFin()) {
            return State.PARTIAL;
        }
        if (binary) {
            return State.BINARY;
        }
        return isUtf8(ByteBuffer.wrap(bytes, 0, size)) ? State.TEXT : State.NOT_UTF8;
    }

    /** {@return the whole message, or the beginning of one that is too large, which is given away} */
    ByteBuffer take() {
        ByteBuffer message =
                ByteBuffer.wrap(bytes, 0, Math.min(size, bytes.length)).asReadOnlyBuffer();
        bytes = NOTHING;
        return message;
    }

    private void append(ByteBuffer payload, boolean last) {
        int needed = size + payload.remaining();
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, last ? needed : Math.min(maxBytes, Math.max(needed, 2 * bytes.length)));
        }
        payload.get(bytes, size, payload.remaining());
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
