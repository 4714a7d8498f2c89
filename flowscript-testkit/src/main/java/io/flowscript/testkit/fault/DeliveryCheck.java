package io.flowscript.testkit.fault;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.log.Position;
import io.flowscript.json.protocol.EventFilter;
import io.flowscript.json.protocol.PositionText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model of one client of one execution. It checks each message against the events that really happened (protocol,
 * section 3): every event after its position that passes its filter arrives once and in order; every hole is
 * announced exactly; every event left out by conflation is accounted for. A client keeps no other state, so it may
 * disconnect at any moment and resume with {@link #subscription} or {@link #positionText}, over any transport.
 *
 * <p>A breach is an {@link AssertionError} that shows the last messages. For one thread at a time; {@link #toString}
 * may be called by any thread.
 *
 * @since 0.1.0
 */
public final class DeliveryCheck {

    private static final int STORY_LINES = 60;
    private static final int LINE_LENGTH = 160;

    private final EventFilter filter;
    private final boolean conflates;
    private final Deque<String> story = new ArrayDeque<>();
    private ExpectedEvents truth;
    private @Nullable String epoch;
    private long at;
    private int events;
    private int holes;
    private int skips;
    private int marks;

    /**
     * Creates a client that has received nothing yet.
     *
     * @param truth the events that happen
     * @param filter the events that the client wants
     * @param conflates whether newer events may replace older ones
     */
    public DeliveryCheck(ExpectedEvents truth, EventFilter filter, boolean conflates) {
        this.truth = truth;
        this.filter = filter;
        this.conflates = conflates;
    }

    /**
     * Tells the model that the execution was started again under the same id, so that earlier event numbers have no
     * meaning. The client does not know this; the server must announce it.
     *
     * @param other the events that happen now
     */
    public void beginAnew(ExpectedEvents other) {
        truth = other;
        tell("-- the execution was begun anew");
    }

    /**
     * Tells the model that the execution goes on from a store, in another engine, under the same epoch and the same numbers. The
     * client's position stays valid, and nothing is announced.
     *
     * @param same the events that have happened and happen now
     */
    public void goOn(ExpectedEvents same) {
        truth = same;
        tell("-- the execution goes on in another engine");
    }

    /** {@return the events that happen} */
    public ExpectedEvents truth() {
        return truth;
    }

    /** {@return the client's filter} */
    public EventFilter filter() {
        return filter;
    }

    /** {@return the position of the last event that the client knows of; {@link Position#START} before the first} */
    public Position position() {
        return epoch == null ? Position.START : Position.after(epoch, at);
    }

    /** {@return the position as a string, as used outside of WebSocket; empty before the first event} */
    public String positionText() {
        return epoch == null ? "" : PositionText.of(epoch, at);
    }

    /** {@return the data of a {@code subscribe} message that resumes at this client's position} */
    public Map<String, Object> subscription() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("executionId", truth.executionId());
        data.put("after", at);
        if (epoch != null) {
            data.put("epoch", epoch);
        }
        if (!filter.types().isEmpty()) {
            data.put("types", List.copyOf(filter.types()));
        }
        if (!filter.nodes().isEmpty()) {
            data.put("nodes", List.copyOf(filter.nodes()));
        }
        if (conflates) {
            data.put("conflate", true);
        }
        tell("-- comes with " + data);
        return data;
    }

    /**
     * Checks one message. Messages about another execution, or about none, are ignored.
     *
     * @param message any message of a server
     * @throws AssertionError if the message breaks a promise of the protocol
     */
    public void take(Map<String, ?> message) {
        Map<?, ?> data = message.get("data") instanceof Map<?, ?> map ? map : Map.of();
        if (!truth.executionId().equals(data.get("executionId"))) {
            return;
        }
        truth.record();
        String type = String.valueOf(message.get("type"));
        String line = type + " " + message.get("seq") + " " + data;
        tell(line.substring(0, Math.min(line.length(), LINE_LENGTH)));
        switch (type) {
            case "subscribed" -> subscribed(data);
            case "execution_status" -> {
                if (number(data, "latest") > truth.latest()) {
                    throw wrong("A status that lies ahead of the events");
                }
            }
            case "events_missed" -> missed(data);
            case "events_skipped" -> skipped(number(data, "from"), number(data, "to"));
            case "position" -> reached(String.valueOf(data.get("epoch")), number(data, "seq"));
            case "unsubscribed" -> {}
            default -> event(type, message.get("seq"));
        }
    }

    /**
     * Checks a position that the server reports as a string, such as {@code next} of a poll or {@code id} of a
     * stream.
     *
     * @param position the string
     * @throws AssertionError if the position is wrong
     */
    public void reached(String position) {
        Position told = PositionText.parse(position).orElseThrow(() -> wrong("Not a position: " + position));
        tell("position " + position);
        reached(Objects.requireNonNull(told.epoch()), told.seq());
    }

    /**
     * Makes the client begin in the middle of the execution, as a subscription to many executions does. Earlier
     * events are not promised.
     *
     * @param seq the number of the last event before those promised
     */
    public void beginAfter(long seq) {
        epoch = truth.epoch();
        at = seq;
    }

    /** {@return whether the client has received everything, and nothing can follow} */
    public boolean isOver() {
        truth.record();
        return truth.isEnded() && isPresent() && passing(at, truth.latest()) == 0;
    }

    /**
     * Verifies that nothing is missing. To be called when no more messages are due.
     *
     * @throws AssertionError if an event or an announcement is missing
     */
    public void finish() {
        truth.record();
        if (!isPresent()) {
            throw wrong("The server did not announce that the execution was started again");
        }
        nothingMissing(truth.latest());
    }

    /** {@return the number of events received} */
    public int events() {
        return events;
    }

    /** {@return the number of holes announced} */
    public int holes() {
        return holes;
    }

    /** {@return how often newer events replaced older ones} */
    public int skips() {
        return skips;
    }

    /** {@return how often the server reported a position} */
    public int marks() {
        return marks;
    }

    @Override
    public String toString() {
        synchronized (story) {
            return truth.executionId() + " at " + positionText() + " of " + truth.latest() + " with " + filter + "\n  "
                    + String.join("\n  ", story);
        }
    }

    private void subscribed(Map<?, ?> data) {
        if (!(data.get("epoch") instanceof String present)) {
            return; // the subscription waits for the execution
        }
        if (!present.equals(truth.epoch())) {
            throw wrong("The epoch is not " + truth.epoch());
        }
        if (isPresent() ? number(data, "after") != at : data.get("after") != null) {
            throw wrong("Not resumed at the client's position, " + positionText());
        }
        epoch = epoch == null ? present : epoch;
    }

    private void missed(Map<?, ?> data) {
        if (!isPresent()) {
            if (!Objects.equals(data.get("epoch"), epoch) || number(data, "from") != at + 1 || data.get("to") != null) {
                throw wrong("Wrong hole for a position of another epoch, at " + positionText());
            }
            epoch = truth.epoch();
            at = 0;
            holes++;
            return;
        }
        long from = number(data, "from");
        long to = number(data, "to");
        if (!truth.epoch().equals(data.get("epoch")) || from <= at || to < from || to >= truth.oldest()) {
            throw wrong("Wrong hole, at " + positionText() + ", oldest " + truth.oldest());
        }
        nothingMissing(from - 1); // a poll does not report what its filter held back before the hole
        at = to;
        holes++;
    }

    private void skipped(long from, long to) {
        if (!isPresent() || !conflates || from <= at || to < from) {
            throw wrong("Wrong range of skipped events, at " + positionText());
        }
        nothingMissing(from - 1);
        for (long seq = from; seq <= to; seq++) {
            if (filter.passes(truth.event(seq).event()) && !hasNewer(seq)) {
                throw wrong("No newer event replaces event " + seq);
            }
        }
        at = to;
        skips++;
    }

    private boolean hasNewer(long seq) {
        String thing = thing(truth.event(seq).event());
        for (long newer = seq + 1; thing != null && newer <= truth.latest(); newer++) {
            if (thing.equals(thing(truth.event(newer).event()))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String thing(Event event) {
        if (event instanceof StateUpdated update) {
            return "state " + update.path();
        }
        return event instanceof CustomEvent custom && custom.conflationKey() != null
                ? custom.type() + " " + custom.conflationKey()
                : null;
    }

    private void reached(String ofEpoch, long seq) {
        truth.record();
        if (!ofEpoch.equals(truth.epoch()) || !isPresent() || seq < at || seq > truth.latest()) {
            throw wrong("Wrong position " + ofEpoch + ":" + seq + ", at " + positionText());
        }
        nothingMissing(seq);
        at = seq;
        epoch = ofEpoch;
        marks++;
    }

    private void event(String type, @Nullable Object seq) {
        if (!(seq instanceof Number number)) {
            throw wrong("Not expected: " + type);
        }
        long next = number.longValue();
        if (!isPresent() || next <= at) {
            throw wrong("Event " + next + " twice or out of order, at " + positionText());
        }
        nothingMissing(next - 1);
        Event happened = truth.event(next).event();
        if (!happened.type().wireName().equals(type) || !filter.passes(happened)) {
            throw wrong("Event " + next + " is not what happened, or was not asked for");
        }
        events++;
        epoch = truth.epoch();
        at = next;
    }

    /** Whether the client's position belongs to the current epoch. */
    private boolean isPresent() {
        return epoch == null || epoch.equals(truth.epoch());
    }

    private void nothingMissing(long to) {
        long missing = passing(at, to);
        if (missing != 0) {
            throw wrong("Event " + missing + " is missing");
        }
    }

    /** Returns the first event in the range that passes the filter; 0 if there is none. */
    private long passing(long after, long to) {
        for (long seq = after + 1; seq <= Math.min(to, truth.latest()); seq++) {
            if (filter.passes(truth.event(seq).event())) {
                return seq;
            }
        }
        return 0;
    }

    private long number(Map<?, ?> data, String field) {
        if (data.get(field) instanceof Number number) {
            return number.longValue();
        }
        throw wrong("Not a number: " + field);
    }

    private void tell(String line) {
        synchronized (story) {
            if (story.size() == STORY_LINES) {
                story.removeFirst();
            }
            story.add(line);
        }
    }

    private AssertionError wrong(String what) {
        return new AssertionError(what + "\n" + this);
    }
}
