package io.flowscript.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of any server by their {@linkplain Events#MARK mark}, whatever the server wraps them in and however many are in a frame.
 * Hands out the short frames without one.
 */
final class Marked implements Inbound {

    private static final int LONGEST = 4 << 10;

    /** Where the due time of an event begins. */
    private static final byte[] DUE = "\"at\":".getBytes(StandardCharsets.US_ASCII);

    /** Where ages go; null when only the number of events matters. */
    private final @Nullable Histogram ages;

    private final byte[] text = new byte[LONGEST];
    private int length;
    private boolean hasEvents;
    private @Nullable String heard;
    private long events;
    private int matched;
    private long due;

    Marked(@Nullable Histogram ages) {
        this.ages = ages;
    }

    @Override
    public int take(ByteBuffer piece, boolean last) {
        int from = piece.position();
        if (ages != null) {
            readAges(piece, ages);
        }
        piece.position(from);
        int count = Counting.count(piece, (byte) Events.MARK);
        events += count;
        hasEvents |= count > 0;
        if (!hasEvents) {
            keep(piece.position(from));
        }
        piece.position(piece.limit());
        if (last) {
            heard = hasEvents ? null : new String(text, 0, length, StandardCharsets.US_ASCII);
            hasEvents = false;
            length = 0;
        }
        return count;
    }

    private void keep(ByteBuffer piece) {
        int size = Math.min(piece.remaining(), LONGEST - length);
        piece.get(text, length, size);
        length += size;
    }

    /** Reads the number after each name; both may begin in one piece and end in the next. */
    private void readAges(ByteBuffer piece, Histogram found) {
        while (piece.hasRemaining()) {
            byte b = piece.get();
            if (matched < DUE.length) {
                matched = b == DUE[matched] ? matched + 1 : b == DUE[0] ? 1 : 0;
            } else if (b >= '0' && b <= '9') {
                due = due * 10 + b - '0';
            } else {
                found.recordValue(Math.max(0, System.nanoTime() - due));
                due = 0;
                matched = 0;
            }
        }
    }

    @Override
    public long events() {
        return events;
    }

    @Override
    public void countAnew() {
        events = 0;
    }

    @Override
    public @Nullable String heard() {
        String frame = heard;
        heard = null;
        return frame;
    }
}
