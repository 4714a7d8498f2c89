package io.flowscript.http;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The memory of all messages and bodies of one server that have arrived in part, and its limit. Beyond the limit, the largest ones are given
 * up until an eighth of the limit is free. So clients that begin large messages and never finish them cannot keep others from
 * sending small ones. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class InboundMemory {

    /** A message that arrives complete and is not larger than this is not counted: it is handled before the next one is read. */
    private static final int SMALL_BYTES = 8 << 10;

    private static final byte[] NOTHING = new byte[0];

    private final Object lock = new Object();
    private final long maxBytes;
    private final Set<Message> unfinished = new HashSet<>();
    private long used;

    InboundMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** {@return the memory in use now, in bytes} */
    public long used() {
        synchronized (lock) {
            return used;
        }
    }

    /**
     * Begins a message.
     *
     * @param maxMessageBytes the maximum size of the message, in bytes
     * @param evicted called at most once, by any thread, when the message is given up; it must not block
     * @return the message, without content
     */
    public Message message(int maxMessageBytes, Runnable evicted) {
        return new Message(maxMessageBytes, evicted);
    }

    /** Counts the memory of a message that grows. Returns the messages that are given up for it; the message itself may be one of them. */
    private List<Message> reserve(Message message, long bytes) {
        synchronized (lock) {
            used += bytes - message.held;
            message.held = bytes;
            unfinished.add(message);
            if (used <= maxBytes) {
                return List.of();
            }
            List<Message> evicted = new ArrayList<>();
            unfinished.stream()
                    .sorted(Comparator.comparingLong((Message each) -> each.held)
                            .reversed())
                    .takeWhile(largest -> {
                        boolean tooMuch = used > maxBytes - maxBytes / 8;
                        if (tooMuch) {
                            used -= largest.held;
                            largest.held = 0;
                        }
                        return tooMuch;
                    })
                    .forEach(evicted::add);
            evicted.forEach(unfinished::remove);
            return evicted;
        }
    }

    private void keep(Message message) {
        synchronized (lock) {
            unfinished.remove(message);
        }
    }

    private void release(Message message) {
        synchronized (lock) {
            unfinished.remove(message);
            used -= message.held;
            message.held = 0;
        }
    }

    /**
     * A message or body whose parts are collected. One thread at a time may use it, apart from {@link #drop}, which any thread may call.
     *
     * @since 0.1.0
     */
    public final class Message {

        private final Object content = new Object();
        private final int maxMessageBytes;
        private final Runnable onEviction;
        private byte[] bytes = NOTHING;
        private int size;
        private boolean given;
        private boolean evicted;

        /** The memory counted for it; the outer lock guards it. */
        private long held;

        private Message(int maxMessageBytes, Runnable onEviction) {
            this.maxMessageBytes = maxMessageBytes;
            this.onEviction = onEviction;
        }

        /** What became of a part. */
        public enum Added {
            /** It was copied. */
            TAKEN,
            /** The message is larger than its maximum. Its beginning was copied. */
            TOO_LARGE,
            /** The message was given up, since the server is short of memory. Nothing of it is kept. */
            EVICTED
        }

        /**
         * Copies the next part.
         *
         * @param part the part; its position is left as it is
         * @param last whether the message is complete with it
         * @return what became of it
         */
        public Added add(ByteBuffer part, boolean last) {
            int free = maxMessageBytes - size();
            boolean tooLarge = part.remaining() > free;
            ByteBuffer taken = part.slice();
            if (tooLarge) {
                taken.limit(free);
            }
            int capacity = capacityFor(taken.remaining(), last || tooLarge);
            if (capacity > 0 && (capacity > SMALL_BYTES || !last)) {
                reserve(this, capacity).forEach(Message::evict);
            }
            synchronized (content) {
                if (!evicted) {
                    if (capacity > 0) {
                        bytes = Arrays.copyOf(bytes, capacity);
                    }
                    int added = taken.remaining();
                    taken.get(bytes, size, added);
                    size += added;
                    return tooLarge ? Added.TOO_LARGE : Added.TAKEN;
                }
            }
            release(this);
            return Added.EVICTED;
        }

        /**
         * Returns the message, or the beginning of one that is too large. It is not given up any more, and its memory stays counted
         * until {@link #drop}.
         *
         * @return the bytes, which belong to the caller; none when the message was given up before
         */
        public ByteBuffer take() {
            synchronized (content) {
                keep(this);
                given = !evicted;
                return ByteBuffer.wrap(bytes, 0, size);
            }
        }

        /** {@return whether the message was given up, so that nothing of it is left} */
        boolean isEvicted() {
            synchronized (content) {
                return evicted && !given;
            }
        }

        /** Forgets the content and gives its memory back. The next part begins a new message. */
        public void drop() {
            synchronized (content) {
                bytes = NOTHING;
                size = 0;
                given = false;
            }
            release(this);
        }

        private int size() {
            synchronized (content) {
                return size;
            }
        }

        /** The new length of the array; 0 when it is long enough. */
        private int capacityFor(int added, boolean last) {
            synchronized (content) {
                int needed = size + added;
                if (needed <= bytes.length || evicted) {
                    return 0;
                }
                return last ? needed : (int) Math.min(maxMessageBytes, Math.max(needed, 2L * bytes.length));
            }
        }

        private void evict() {
            synchronized (content) {
                if (evicted) {
                    return;
                }
                evicted = true;
                if (!given) {
                    bytes = NOTHING;
                    size = 0;
                }
            }
            onEviction.run();
        }
    }
}
