package io.flowscript.events.delivery;

import io.flowscript.core.log.EventLog;
import java.util.ArrayList;
import java.util.List;

/**
 * The groups of clients that stand at the end of one log. A group has a bounded number of clients, so that several threads share the
 * work for many, and no turn takes long. Safe for use by any thread; the lock guards which group has room, and nothing else is done
 * under it.
 */
final class LiveGroups {

    /** The largest number of clients in a group. */
    static final int CLIENTS_PER_GROUP = 32;

    private final EncodedLog encoded;

    /** Those that take clients in. The last one is most likely to have room. */
    private final List<LiveGroup> groups = new ArrayList<>();

    LiveGroups(EncodedLog encoded) {
        this.encoded = encoded;
    }

    /**
     * Takes in a feed that has had all events of the log up to one.
     *
     * @param feed the feed
     * @param log the log
     * @param seq the number of the event
     * @param form how its client gets events
     * @param delivery what the bridge's sessions share
     * @return its group, which wakes the feed when it lets go of it
     */
    LiveGroup join(Feed feed, EventLog log, long seq, LiveGroup.Form form, Delivery delivery) {
        LiveGroup group = withRoom(log, seq, form, delivery);
        group.join(feed, seq);
        return group;
    }

    private synchronized LiveGroup withRoom(EventLog log, long seq, LiveGroup.Form form, Delivery delivery) {
        for (int i = groups.size() - 1; i >= 0; i--) {
            LiveGroup group = groups.get(i);
            if (group.form() == form && group.size() < CLIENTS_PER_GROUP) {
                group.resize(1);
                return group;
            }
        }
        int maxEvents = Math.min(EncodedLog.EVENTS_PER_CHUNK, delivery.limits().batchFrames());
        LiveGroup added = new LiveGroup(this, form, log, encoded, seq, maxEvents, delivery.pumps());
        added.resize(1);
        groups.add(added);
        return added;
    }

    /** Notes that feeds have left a group. */
    synchronized void removed(LiveGroup group, int count) {
        group.resize(-count);
    }

    /** Removes a group that has no feed and is to get none. {@return whether it has none} */
    synchronized boolean removeIfEmpty(LiveGroup group) {
        return group.size() == 0 && groups.remove(group);
    }

    /** Lets no other feed join a group. */
    synchronized void remove(LiveGroup group) {
        groups.remove(group);
    }

    /** {@return the number of groups} */
    synchronized int size() {
        return groups.size();
    }
}
