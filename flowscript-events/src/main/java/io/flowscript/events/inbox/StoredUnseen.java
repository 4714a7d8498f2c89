package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.engine.FlowScript;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The unseen interactions in the store, in the order in which they are due for one watch. It remembers only how far it has
 * read. Reading can block; it is done by one thread at a time. {@link #wasPassed} is safe for use by any thread.
 */
final class StoredUnseen {

    private static final int PAGE = 64;
    private static final int RECENT = 1_024;

    private final Interactions interactions;
    private final EngineClock clock;
    private final Duration after;
    private final InteractionQuery query;

    /** The place up to which all were read that are due. Guarded by this. */
    private @Nullable InteractionPlace position;

    /** Those that were read last. Guarded by this. */
    private final Map<PauseToken, Boolean> recent = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PauseToken, Boolean> eldest) {
            return size() > RECENT;
        }
    };

    StoredUnseen(FlowScript flows, Duration after, InteractionQuery query) {
        this.interactions = flows.interactions();
        this.clock = flows.clock();
        this.after = after;
        this.query = query;
    }

    /** Reads the next ones that are due; none when no more are due now. */
    List<Interaction> nextDue() {
        InteractionPlace from = position();
        // A time is before this one when its microseconds are not greater than those of the latest request that is due.
        Instant bound = latestDue().plusNanos(1_000);
        InteractionPage page;
        do {
            page = interactions.stored(requestedBefore(bound), InteractionOrder.OLDEST, from, PAGE);
            from = page.next();
        } while (page.interactions().isEmpty() && from != null);
        List<Interaction> due = page.interactions();
        synchronized (this) {
            if (!due.isEmpty()) {
                position = from == null ? InteractionPlace.of(due.get(due.size() - 1)) : from;
                due.forEach(interaction -> recent.put(interaction.token(), true));
            }
        }
        return due;
    }

    /** {@return how long it is until the next one is due; null when there is none} */
    @Nullable
    Duration untilNext() {
        InteractionPlace from = position();
        InteractionPage page;
        do {
            page = interactions.stored(requestedBefore(null), InteractionOrder.OLDEST, from, 1);
            from = page.next();
        } while (page.interactions().isEmpty() && from != null);
        return page.interactions().isEmpty()
                ? null
                : Duration.between(latestDue(), page.interactions().get(0).requestedAt());
    }

    /**
     * Whether reading may have passed the place of an interaction that was stored just now, without having read it: its time
     * is over already, or the clock was set back.
     */
    boolean wasPassed(Interaction interaction) {
        boolean isDue = !interaction.requestedAt().isAfter(latestDue());
        synchronized (this) {
            return !recent.containsKey(interaction.token())
                    && (isDue
                            || (position != null
                                    && InteractionOrder.OLDEST
                                                    .places()
                                                    .compare(InteractionPlace.of(interaction), position)
                                            <= 0));
        }
    }

    private synchronized @Nullable InteractionPlace position() {
        return position;
    }

    private Instant latestDue() {
        return clock.instant().minus(after);
    }

    private InteractionQuery requestedBefore(@Nullable Instant bound) {
        Instant before = query.requestedBefore();
        return new InteractionQuery(
                query.statuses(),
                query.workflowId(),
                query.executionId(),
                query.assignee(),
                query.group(),
                query.meantFor(),
                query.claimedBy(),
                query.requestedAfter(),
                bound == null || (before != null && before.isBefore(bound)) ? before : bound,
                query.deadlineBefore(),
                true);
    }
}
