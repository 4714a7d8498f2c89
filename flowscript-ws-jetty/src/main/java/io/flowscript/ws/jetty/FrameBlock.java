package io.flowscript.ws.jetty;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * Several frames of text that go out as one. To Jetty it is the first of them: behind that one's payload follow the headers and payloads of
 * the others (RFC 6455, section 5.2). So what a frame costs in Jetty, which is more than copying it, is paid once for all of them.
 *
 * <p>It can be used only where Jetty writes a payload as it is: without an extension, and without fragments.
 */
final class FrameBlock extends Frame {

    /** The size of a block. */
    static final int BYTES = 32 << 10;

    /** A frame that is larger than this goes out by itself, without a copy. */
    private static final int LARGEST_FRAME = BYTES / 4;

    /** The size of the header of a frame of at most {@link #LARGEST_FRAME} bytes, which is not masked. */
    private static final int LARGEST_HEADER = 4;

    private static final int SHORT_PAYLOAD = 125;
    private static final byte FINAL_TEXT = (byte) (0x80 | OpCode.TEXT);
    private static final byte LENGTH_FOLLOWS = 126;

    private final int firstLength;
    private final RetainableByteBuffer buffer;

    private FrameBlock(RetainableByteBuffer buffer, int firstLength) {
        super(OpCode.TEXT, buffer.getByteBuffer());
        this.buffer = buffer;
        this.firstLength = firstLength;
    }

    /** {@return how many payloads, from one on and before another one, fit into a block; 0 when the first one is too large for any} */
    static int fitting(List<ByteBuffer> payloads, int from, int to) {
        int room = BYTES;
        int next = from;
        while (next < to) {
            int length = payloads.get(next).remaining();
            room -= length + LARGEST_HEADER;
            if (length > LARGEST_FRAME || room < 0) {
                break;
            }
            next++;
        }
        return next - from;
    }

    /**
     * Makes a block of payloads, which are copied and stay as they are.
     *
     * @param pool lends the block its buffer, until {@link #release}
     * @param payloads as many as are {@link #fitting}, at least one
     */
    static FrameBlock of(ByteBufferPool pool, List<ByteBuffer> payloads) {
        RetainableByteBuffer lent = pool.acquire(BYTES, true);
        ByteBuffer bytes = lent.getByteBuffer();
        BufferUtil.clearToFill(bytes);
        ByteBuffer first = payloads.get(0);
        append(bytes, first);
        for (ByteBuffer payload : payloads.subList(1, payloads.size())) {
            bytes.put(FINAL_TEXT);
            if (payload.remaining() <= SHORT_PAYLOAD) {
                bytes.put((byte) payload.remaining());
            } else {
                bytes.put(LENGTH_FOLLOWS).putShort((short) payload.remaining());
            }
            append(bytes, payload);
        }
        BufferUtil.flipToFlush(bytes, 0);
        return new FrameBlock(lent, first.remaining());
    }

    /** All clients share a payload, so its position must stay. */
    private static void append(ByteBuffer to, ByteBuffer payload) {
        int at = to.position();
        to.put(at, payload, payload.position(), payload.remaining());
        to.position(at + payload.remaining());
    }

    /** The length of the first payload, for its header. */
    @Override
    public int getPayloadLength() {
        return firstLength;
    }

    /** Gives the buffer back, when the block is written or the connection has failed. */
    void release() {
        buffer.release();
    }
}
