package io.flowscript.client;

import io.flowscript.core.log.Position;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A subscription to one execution, to those of a workflow, or to all. For the loop's thread. */
final class Subscription {

    /** How many executions one subscription follows. */
    static final int MAX_EXECUTIONS = 10_000;

    final EventStream stream;

    /** The reader of each execution, by its id. */
    final Map<String, Reader> readers = new LinkedHashMap<>();

    /** The executions of which this subscription has everything. */
    private final Set<String> done = new LinkedHashSet<>();

    private final Outlet outlet;
    private @Nullable Connection connection;
    private boolean isBehind;
    private boolean isOver;

    Subscription(EventStream stream, Outlet outlet) {
        this.stream = stream;
        this.outlet = outlet;
    }

    void placeOn(Connection on) {
        connection = on;
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    Wanted wanted() {
        return stream.wanted();
    }

    boolean isSingle() {
        return stream.executionId() != null;
    }

    boolean isBehind() {
        return isBehind;
    }

    boolean isOver() {
        return isOver;
    }

    /** Where it begins in an execution; null for the first event. */
    @Nullable
    Position start(String executionId) {
        return stream.positions().get(executionId);
    }

    /** The key of the subscription to many executions. */
    Map<String, Object> scope() {
        String workflowId = stream.workflowId();
        return workflowId == null ? Map.of("all", true) : Map.of("workflowId", workflowId);
    }

    boolean covers(@Nullable String workflowId) {
        return !isSingle()
                && (stream.workflowId() == null || stream.workflowId().equals(workflowId));
    }

    /** Takes an item. {@return false when there is no room, until {@link #caughtUp}} */
    boolean offer(ClientEvent item) {
        if (item instanceof ClientEvent.Happened happened && !wanted().passes(happened.event())) {
            return true;
        }
        boolean taken = outlet.offer(item);
        isBehind |= !taken;
        return taken;
    }

    /** There is room again: what was not taken is asked for again. */
    void caughtUp() {
        if (isBehind && !isOver) {
            isBehind = false;
            readers.values().forEach(reader -> reader.attached(false));
            if (connection != null) {
                connection.attachAll();
            }
        }
    }

    /** An execution has ended, and a reader has all of it. */
    void ended(Reader reader) {
        if (isSingle()) {
            finish(null);
            return;
        }
        done.add(key(reader.feed.id, reader.epoch()));
        if (done.size() > MAX_EXECUTIONS) {
            done.remove(done.iterator().next());
        }
        if (connection != null) {
            connection.drop(reader);
        }
    }

    boolean isDone(String executionId, @Nullable String epoch) {
        return done.contains(key(executionId, epoch));
    }

    private static String key(String executionId, @Nullable String epoch) {
        return epoch + " " + executionId;
    }

    /** Ends it, with an error or without. */
    void finish(@Nullable ClientException error) {
        if (!isOver) {
            isOver = true;
            outlet.finish(error);
            if (connection != null) {
                connection.remove(this);
            }
        }
    }
}
