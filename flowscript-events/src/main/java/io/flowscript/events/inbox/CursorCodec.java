package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.events.inbox.InboxQuery.Order;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the cursors of pages, and finds where a query starts and ends in its order. A cursor is the Base64
 * text of an entry's place and of the order. Stateless.
 */
final class CursorCodec {

    private static final int MAX_CURSOR = 64;

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
        InteractionPlace place = entry.place();
        boolean byDeadline = order == Order.DEADLINE;
        ByteBuffer bytes = ByteBuffer.allocate(1 + (byDeadline ? 3 : 2) * Long.BYTES);
        bytes.put(orderCode(order)).putLong(place.tieBreak()).putLong(place.requested());
        if (byDeadline) {
            bytes.putLong(place.deadline());
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Reads a cursor as a boundary; throws {@code invalid_cursor} for other texts and for a cursor of another order. */
    static Entry read(String cursor, Order order) {
        try {
            if (cursor.length() <= MAX_CURSOR) {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
                boolean sameOrder = bytes.get() == orderCode(order);
                long tieBreak = bytes.getLong();
                long requested = bytes.getLong();
                long deadline = order == Order.DEADLINE ? bytes.getLong() : Long.MAX_VALUE;
                if (sameOrder && !bytes.hasRemaining()) {
                    return Entry.boundary(new InteractionPlace(requested, deadline, tieBreak), order != Order.NEWEST);
                }
            }
        } catch (IllegalArgumentException | BufferUnderflowException e) {
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
        Instant after = query.condition().requestedAfter();
        Instant before = query.condition().requestedBefore();
        Entry first = null;
        if (order == Order.OLDEST && after != null) {
            first = boundary(after, Long.MAX_VALUE, true);
        } else if (order == Order.NEWEST && before != null) {
            first = boundary(before, Long.MIN_VALUE, false);
        }
        if (first == null || cursor == null) {
            return first == null ? cursor : first;
        }
        return comparator(order).compare(first, cursor) > 0 ? first : cursor;
    }

    private static Entry boundary(Instant requested, long tieBreak, boolean after) {
        return Entry.boundary(
                new InteractionPlace(InteractionPlace.micros(requested), Long.MAX_VALUE, tieBreak), after);
    }

    /** Whether an entry, and every entry after it, is past the last possible match of a query. */
    static boolean isPastEnd(InboxQuery query, Entry entry) {
        InteractionPlace place = entry.place();
        InteractionQuery condition = query.condition();
        return switch (query.order()) {
            case OLDEST ->
                condition.requestedBefore() != null
                        && place.requested() >= InteractionPlace.micros(condition.requestedBefore());
            case NEWEST ->
                condition.requestedAfter() != null
                        && place.requested() <= InteractionPlace.micros(condition.requestedAfter());
            case DEADLINE ->
                condition.deadlineBefore() != null
                        && place.deadline() >= InteractionPlace.micros(condition.deadlineBefore());
        };
    }

    private static byte orderCode(Order order) {
        return (byte) order.name().charAt(0);
    }

    private static FlowScriptException invalid() {
        return new FlowScriptException(
                "invalid_cursor",
                "The cursor is not valid for this order; use the next cursor of a page, or start with the first page");
    }
}
