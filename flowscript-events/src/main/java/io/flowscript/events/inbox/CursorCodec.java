package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.events.inbox.InboxQuery.Order;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the cursors of pages, and finds where a query starts and ends in its order. A cursor is the Base64
 * text of an entry's sort keys and of the order. Stateless.
 */
final class CursorCodec {

    private static final int MAX_CURSOR = 64;
    private static final int INSTANT_BYTES = Long.BYTES + Integer.BYTES;

    private CursorCodec() {}

    static Comparator<Entry> comparator(Order order) {
        return switch (order) {
            case OLDEST -> Entry.BY_AGE;
            case NEWEST -> Entry.BY_AGE.reversed();
            case DEADLINE -> Entry.BY_DEADLINE;
        };
    }

    /** Writes the cursor that stands directly after an entry. */
    static String write(Entry entry, Order order) {
        Instant deadline = order == Order.DEADLINE ? entry.deadline() : null;
        ByteBuffer bytes = ByteBuffer.allocate(2 + Long.BYTES + INSTANT_BYTES + (deadline == null ? 0 : INSTANT_BYTES));
        bytes.put(orderCode(order)).put((byte) (deadline == null ? 0 : 1));
        bytes.putLong(entry.tieBreak());
        put(bytes, entry.requestedAt());
        if (deadline != null) {
            put(bytes, deadline);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Reads a cursor as a boundary; throws {@code invalid_cursor} for other texts and for a cursor of another order. */
    static Entry read(String cursor, Order order) {
        try {
            if (cursor.length() <= MAX_CURSOR) {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
                boolean sameOrder = bytes.get() == orderCode(order);
                boolean hasDeadline = bytes.get() == 1;
                long tieBreak = bytes.getLong();
                Instant requestedAt = instant(bytes);
                Instant deadline = hasDeadline ? instant(bytes) : null;
                if (sameOrder && !bytes.hasRemaining()) {
                    return Entry.boundary(requestedAt, deadline, tieBreak, order != Order.NEWEST);
                }
            }
        } catch (IllegalArgumentException | BufferUnderflowException | DateTimeException e) {
            throw invalid();
        }
        throw invalid();
    }

    /**
     * Returns the boundary after which a query starts: the later one of the cursor and the query's own limit. Null for
     * the very beginning.
     */
    static @Nullable Entry start(InboxQuery query, @Nullable Entry cursor) {
        Order order = query.order();
        Entry first = null;
        if (order == Order.OLDEST && query.requestedAfter() != null) {
            first = Entry.boundary(query.requestedAfter(), null, Long.MAX_VALUE, true);
        } else if (order == Order.NEWEST && query.requestedBefore() != null) {
            first = Entry.boundary(query.requestedBefore(), null, Long.MIN_VALUE, false);
        }
        if (first == null || cursor == null) {
            return first == null ? cursor : first;
        }
        return comparator(order).compare(first, cursor) > 0 ? first : cursor;
    }

    /** Whether an entry, and every entry after it, is past the last possible match of a query. */
    static boolean isPastEnd(InboxQuery query, Entry entry) {
        Instant deadline = entry.deadline();
        return switch (query.order()) {
            case OLDEST ->
                query.requestedBefore() != null && !entry.requestedAt().isBefore(query.requestedBefore());
            case NEWEST ->
                query.requestedAfter() != null && !entry.requestedAt().isAfter(query.requestedAfter());
            case DEADLINE ->
                query.deadlineBefore() != null && (deadline == null || !deadline.isBefore(query.deadlineBefore()));
        };
    }

    private static byte orderCode(Order order) {
        return (byte) order.name().charAt(0);
    }

    private static void put(ByteBuffer bytes, Instant time) {
        bytes.putLong(time.getEpochSecond()).putInt(time.getNano());
    }

    private static Instant instant(ByteBuffer bytes) {
        return Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
    }

    private static FlowScriptException invalid() {
        return new FlowScriptException(
                "invalid_cursor",
                "The cursor is not valid for this order; use the next cursor of a page, or start with the first page");
    }
}
