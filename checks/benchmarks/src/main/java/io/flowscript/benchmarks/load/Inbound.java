package io.flowscript.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Processes the payloads of a connection's frames, in pieces as they are received. For one thread. */
interface Inbound {

    /**
     * Processes a piece of a text frame.
     *
     * @param piece its bytes; all must be read
     * @param last whether the frame ends with this piece
     * @return the number of messages that ended in this piece
     */
    int take(ByteBuffer piece, boolean last);

    /** {@return the number of events since the count was reset} */
    long events();

    /** Resets the count of events. */
    void countAnew();

    /** {@return the frame that ended last, if it had no event and is short; null otherwise, and where nobody asks} */
    default @Nullable String heard() {
        return null;
    }

    /** Counts messages, takes each for an event, and reads none of them: the least that a client can do. */
    final class Counting implements Inbound {

        private static final long ONES = 0x0101010101010101L;
        private static final long HIGHS = 0x8080808080808080L;

        private final boolean lines;
        private long events;

        Counting(boolean lines) {
            this.lines = lines;
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
        public int take(ByteBuffer piece, boolean last) {
            int count = lines ? count(piece, (byte) '\n') : last ? 1 : 0;
            piece.position(piece.limit());
            events += count;
            return count;
        }

        /** Returns how often a byte is in a piece, and reads the piece. */
        static int count(ByteBuffer piece, byte wanted) {
            long pattern = wanted * ONES;
            int count = 0;
            while (piece.remaining() >= Long.BYTES) {
                long word = piece.getLong() ^ pattern;
                // A zero byte is a wanted one. No byte is above 127 here, so no carry reaches the next byte.
                count += Long.bitCount((word - ONES) & ~word & HIGHS);
            }
            while (piece.hasRemaining()) {
                count += piece.get() == wanted ? 1 : 0;
            }
            return count;
        }
    }

    /** Reads each message, verifies that its number is the next one, and records its age. */
    final class Checking implements Inbound {

        private static final int LONGEST = 1 << 20;

        /** The type, time and number of a message lie within this many bytes. */
        private static final int HEAD = 96;

        private final boolean lines;
        private final Histogram ages;

        /** When an event was made; null when its payload says so. */
        private final @Nullable LongUnaryOperator times;

        private byte[] message = new byte[1 << 10];
        private int length;
        private long events;
        private long seq = -1;
        private String problem = "";
        private long missed;

        Checking(boolean lines, Histogram ages) {
            this(lines, ages, null);
        }

        Checking(boolean lines, Histogram ages, @Nullable LongUnaryOperator times) {
            this.lines = lines;
            this.ages = ages;
            this.times = times;
        }

        /** The number of the last event; -1 before the first. */
        long seq() {
            return seq;
        }

        /** The number of events in announced holes. */
        long missed() {
            return missed;
        }

        /** The first problem; empty if there is none. */
        String problem() {
            return problem;
        }

        @Override
        public long events() {
            return events;
        }

        @Override
        public void countAnew() {
            events = 0;
        }

        /** Discards an incomplete message, because the connection has ended. */
        void cut() {
            length = 0;
        }

        @Override
        public int take(ByteBuffer piece, boolean last) {
            int messages = 0;
            while (piece.hasRemaining()) {
                byte b = piece.get();
                if (lines && b == '\n') {
                    end();
                    messages++;
                } else {
                    add(b);
                }
            }
            if (!lines && last) {
                end();
                messages++;
            }
            return messages;
        }

        private void add(byte b) {
            if (length == message.length) {
                if (length == LONGEST) {
                    throw new IllegalStateException("A message is longer than " + LONGEST + " bytes");
                }
                message = Arrays.copyOf(message, 2 * length);
            }
            message[length++] = b;
        }

        /** Processes a complete message. */
        private void end() {
            int size = length;
            length = 0;
            int afterHead = Math.min(size, HEAD);
            long number = number("\"seq\":", afterHead);
            if (number < 0) {
                if (find("\"events_missed\"", afterHead) >= 0) {
                    miss(number("\"from\":", size), number("\"to\":", size));
                }
                return;
            }
            if (seq >= 0 && number != seq + 1 && problem.isEmpty()) {
                problem = "event " + number + " after " + seq;
            }
            seq = number;
            events++;
            long at = times == null ? number("\"at\":", size) : times.applyAsLong(number);
            if (at > 0) {
                ages.recordValue(Math.max(0, System.nanoTime() - at));
            }
        }

        /** Processes an announced hole. */
        private void miss(long from, long to) {
            if (seq >= 0 && from != seq + 1 && problem.isEmpty()) {
                problem = "a hole from " + from + " after " + seq;
            }
            missed += to - from + 1;
            seq = to;
        }

        /** Returns the first number after a name; -1 if there is none. */
        private long number(String name, int size) {
            int at = find(name, size);
            if (at < 0) {
                return -1;
            }
            long value = 0;
            while (at < size && message[at] >= '0' && message[at] <= '9') {
                value = value * 10 + message[at++] - '0';
            }
            return value;
        }

        private int find(String name, int size) {
            for (int from = 0; from + name.length() < size; from++) {
                int i = message[from + 1] == name.charAt(1) ? 0 : -1;
                while (i >= 0 && i < name.length() && message[from + i] == name.charAt(i)) {
                    i++;
                }
                if (i == name.length()) {
                    return from + i;
                }
            }
            return -1;
        }
    }
}
