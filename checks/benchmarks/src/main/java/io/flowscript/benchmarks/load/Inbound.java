package io.flowscript.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a connection does with the payloads of its frames, in pieces as they come. For one thread. */
interface Inbound {

    /**
     * A piece of a text frame.
     *
     * @param piece its bytes; all are to be taken
     * @param last whether the frame ends with it
     * @return how many messages have ended in it
     */
    int take(ByteBuffer piece, boolean last);

    /** {@return how many events have come since it was set to zero} */
    long events();

    /** Sets the count of events to zero. */
    void countAnew();

    /** Counts messages, takes each for an event, and looks at none of them: as little as a client can do. */
    final class Counting implements Inbound {

        private static final long NEWLINES = 0x0A0A0A0A0A0A0A0AL;
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
            int count = lines ? newlines(piece) : last ? 1 : 0;
            piece.position(piece.limit());
            events += count;
            return count;
        }

        private static int newlines(ByteBuffer piece) {
            int count = 0;
            while (piece.remaining() >= Long.BYTES) {
                long word = piece.getLong() ^ NEWLINES;
                // A byte of zero is a newline; text has no byte above 127 here, so no carry goes astray.
                count += Long.bitCount((word - ONES) & ~word & HIGHS);
            }
            while (piece.hasRemaining()) {
                count += piece.get() == '\n' ? 1 : 0;
            }
            return count;
        }
    }

    /** Reads each message: its number has to be the next one, and how old it is goes into the samples. */
    final class Checking implements Inbound {

        private static final int LONGEST = 1 << 20;

        /** Type, time and number of a message lie within so many bytes. */
        private static final int HEAD = 96;

        private final boolean lines;
        private final Samples ages;
        private byte[] message = new byte[1 << 10];
        private int length;
        private long events;
        private long seq = -1;
        private String problem = "";
        private long missed;

        Checking(boolean lines, Samples ages) {
            this.lines = lines;
            this.ages = ages;
        }

        /** The number of the last event, -1 before the first. */
        long seq() {
            return seq;
        }

        /** How many events were in holes that were told. */
        long missed() {
            return missed;
        }

        /** What was wrong first; empty when nothing was. */
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

        /** What had come of a message that did not end is forgotten: the connection is gone. */
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
                    throw new IllegalStateException("A message has more than " + LONGEST + " bytes");
                }
                message = Arrays.copyOf(message, 2 * length);
            }
            message[length++] = b;
        }

        /** A message is whole. */
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
            long at = number("\"at\":", size);
            if (at > 0) {
                ages.add(System.nanoTime() - at);
            }
        }

        /** A hole that is told. */
        private void miss(long from, long to) {
            if (seq >= 0 && from != seq + 1 && problem.isEmpty()) {
                problem = "a hole from " + from + " after " + seq;
            }
            missed += to - from + 1;
            seq = to;
        }

        /** The first number behind a name; -1 when there is none. */
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
