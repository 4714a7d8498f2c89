package io.flowscript.store.jdbc;

import io.flowscript.core.interaction.Interaction.Status;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** The keys under which interactions are found, and the codes of their statuses. Stateless. */
final class InteractionKeys {

    static final Set<Status> OPEN = Set.of(Status.OPEN, Status.CLAIMED);
    static final Set<Status> CLOSED = Set.of(Status.ANSWERED, Status.EXPIRED, Status.CANCELLED);

    private InteractionKeys() {}

    static long state(Status status, boolean unseen) {
        return key(unseen ? 'u' : 's', "", String.valueOf(code(status)));
    }

    /** {@return the keys of all states with a status} */
    static List<Long> states(Status status, boolean unseenOnly) {
        if (!OPEN.contains(status)) {
            return unseenOnly ? List.of() : List.of(state(status, false));
        }
        return unseenOnly ? List.of(state(status, true)) : List.of(state(status, false), state(status, true));
    }

    static long workflow(boolean open, String id) {
        return key('w', half(open), id);
    }

    static long person(boolean open, String name) {
        return key('p', half(open), name);
    }

    static long group(boolean open, String name) {
        return key('g', half(open), name);
    }

    static long anybody(boolean open) {
        return key('n', half(open), "");
    }

    static long excluded(boolean open, String name) {
        return key('x', half(open), name);
    }

    static long claimer(boolean open, String name) {
        return key('c', half(open), name);
    }

    /** {@return what a status is in the table} */
    static int code(Status status) {
        return switch (status) {
            case OPEN -> 1;
            case CLAIMED -> 2;
            case ANSWERED -> 3;
            case EXPIRED -> 4;
            case CANCELLED -> 5;
        };
    }

    private static String half(boolean open) {
        return open ? "o" : "c";
    }

    private static long key(char kind, String half, String name) {
        return ByteBuffer.wrap(ApartValues.name(kind + half + name)).getLong();
    }
}
