package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some clients that stand at the end of one log and get its next events in the same form. An event is looked up and framed once for
 * all of them, and this group's one task hands it to each. What remains for a client is to write it.
 *
 * <p>A feed joins when it has read all there is. The group gives events to it as a run of its client's pump
 * ({@link Session#take}). It leaves when its client cannot take them at once: because its pump has other work, or its last batch is
 * still being sent. Then it reads on by itself until it has caught up, and joins again.
 *
 * <p>A group that cannot go on, because the log has ended, has left memory or no longer has the next event, lets go of all feeds. Each
 * then finds out by itself. So does a group with many events to give: each client then gets batches as large as it can take.
 *
 * <p>Everything but {@link #join} and {@link #leave}, which any thread may call, is used by the task alone. It has no lock.
 */
final class LiveGroup {

    /** How the clients of a group get events. */
    enum Form {
        /** A run of lines in one frame. */
        LINES,
        /** A frame for each event. */
        SINGLE,
        /** The same, as the view of version 1 has them. */
        FIRST_VERSION
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(LiveGroup.class);

    private static final int MAX_RUN_BYTES = 64 << 10;

    private final LiveGroups owner;
    private final Form form;
    private final EventLog log;
    private final EncodedLog encoded;
    private final int maxEvents;
    private final SerialTask task;
    private final Cursor cursor;
    private final List<Feed> feeds = new ArrayList<>();
    private final Queue<Change> changes = new ConcurrentLinkedQueue<>();

    /** How many feeds it has or is about to have. Guarded by the owner. */
    private int size;

    private volatile boolean over;

    /** A feed that joins or leaves. */
    private record Change(Feed feed, long seq, boolean joins) {}

    /**
     * The next events of a group.
     *
     * @param by the group
     * @param after the number of the event before the first one
     * @param to the number of the last event
     * @param frames the events as they are sent, shared by all; empty when the clients see none of them
     * @param bytes the size of all frames
     * @param events how many events are sent
     * @param hidden how many are not
     * @param newest the time of the last event that is sent
     */
    record Run(
            LiveGroup by,
            long after,
            long to,
            List<ByteBuffer> frames,
            int bytes,
            int events,
            int hidden,
            Instant newest) {}

    LiveGroup(LiveGroups owner, Form form, EventLog log, EncodedLog encoded, long after, int maxEvents, Pumps pumps) {
        this.owner = owner;
        this.form = form;
        this.log = log;
        this.encoded = encoded;
        this.maxEvents = maxEvents;
        this.cursor = log.cursor(Position.after(log.epoch(), after));
        this.task = new SerialTask(work -> pumps.execute(work, this::end), this::work);
    }

    Form form() {
        return form;
    }

    /** How many feeds it has or is about to have. The caller holds the owner's lock. */
    int size() {
        return size;
    }

    void resize(int by) {
        size += by;
    }

    /** Takes a feed in that has had all events up to one. If the group stands elsewhere, the feed is woken. */
    void join(Feed feed, long seq) {
        changes.add(new Change(feed, seq, true));
        task.signal();
    }

    /** Lets go of a feed, which goes on by itself. */
    void leave(Feed feed) {
        changes.add(new Change(feed, 0, false));
        task.signal();
    }

    private void work() {
        if (!over) {
            Guard.run(this::advance, thrown -> {
                LOGGER.error("The delivery of execution {} to a group of clients failed", log.executionId(), thrown);
                end();
            });
        }
        if (over) {
            letGoOfAll();
        }
    }

    private void advance() {
        applyChanges();
        if (feeds.isEmpty()) {
            over = owner.removeIfEmpty(this);
            return;
        }
        long after = cursor.position().seq();
        if (log.latest() - after > maxEvents) {
            end();
            return;
        }
        List<EncodedLine> lines = encoded.lines(log, after, maxEvents, MAX_RUN_BYTES, task::signal);
        if (lines == null) {
            return; // another pump is encoding these events and wakes this group
        }
        if (lines.isEmpty()) {
            if (log.isEnded() || log.isPassive() || log.latest() > after) {
                end();
            } else {
                cursor.wakeWhenReadable(task::signal);
            }
            return;
        }
        if (!(cursor.read(lines.size()) instanceof Read.Events found)) {
            end();
            return;
        }
        Run run = run(lines, found.events());
        if (run == null) {
            end();
        } else {
            hand(run);
            task.signal();
        }
    }

    /** Makes a run of events; null when the first one differs for the clients. */
    private @Nullable Run run(List<EncodedLine> lines, List<RecordedEvent> events) {
        List<EncodedLine> sent = lines.subList(0, events.size());
        RecordedEvent last = events.get(events.size() - 1);
        if (form == Form.FIRST_VERSION) {
            if (events.stream().anyMatch(V1View::isChanged)) {
                return null;
            }
            sent = new ArrayList<>(events.size());
            for (int i = 0; i < events.size(); i++) {
                if (!V1View.isHidden(events.get(i))) {
                    sent.add(lines.get(i));
                    last = events.get(i);
                }
            }
        }
        List<ByteBuffer> frames = form == Form.LINES
                ? List.copyOf(EncodedLine.framesOf(sent))
                : sent.stream().map(EncodedLine::message).toList();
        int bytes = frames.stream().mapToInt(ByteBuffer::remaining).sum();
        long to = events.get(events.size() - 1).seq();
        return new Run(
                this,
                events.get(0).seq() - 1,
                to,
                frames,
                bytes,
                sent.size(),
                events.size() - sent.size(),
                last.time());
    }

    private void hand(Run run) {
        int before = feeds.size();
        Iterator<Feed> each = feeds.iterator();
        while (each.hasNext()) {
            Feed feed = each.next();
            if (!feed.take(run)) {
                each.remove();
                feed.run();
            }
        }
        owner.removed(this, before - feeds.size());
    }

    private void applyChanges() {
        long here = cursor.position().seq();
        int gone = 0;
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            if (!change.joins) {
                gone += feeds.remove(change.feed) ? 1 : 0;
            } else if (change.seq == here) {
                feeds.add(change.feed);
            } else {
                gone++;
                change.feed.run();
            }
        }
        owner.removed(this, gone);
    }

    /** Says that this group cannot go on. Its task lets go of all feeds. */
    private void end() {
        owner.remove(this);
        over = true;
    }

    private void letGoOfAll() {
        cursor.close();
        feeds.forEach(Feed::run);
        feeds.clear();
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            if (change.joins) {
                change.feed.run();
            }
        }
    }
}
