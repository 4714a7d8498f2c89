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
 * A client's account of one execution, checked message by message against what happened (protocol, section 3): every event after its position that
 * passes its filter, each once, in order; every hole told, exactly; every event left out by conflation accounted for. A client keeps nothing else: it
 * may go away at any moment and come back with {@link #subscription} or {@link #positionText}, over any transport.
 *
 * <p>What is wrong is an {@link AssertionError} that tells the last messages. For one thread at a time; its text may be asked for by
 * any.
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
     * A client that has seen nothing yet.
     *
     * @param truth what happens
     * @param filter what it wants to see
     * @param conflates whether it lets newer events stand for older ones
     */
    public DeliveryCheck(ExpectedEvents truth, EventFilter filter, boolean conflates) {
        this.truth = truth;
        this.filter = filter;
        this.conflates = conflates;
    }

    /**
     * The execution was begun anew under the same id, so that all numbers of before say nothing any more. The client does not know; it has to be told.
     *
     * @param other what happens now
     */
    public void beginAnew(ExpectedEvents other) {
        truth = other;
        tell("-- the execution was begun anew");
    }

    /** {@return what happens} */
    public ExpectedEvents truth() {
        return truth;
    }

    /** {@return what it wants to see} */
    public EventFilter filter() {
        return filter;
    }

    /** {@return the position of the last event that it was told of; {@link Position#START} before the first} */
    public Position position() {
        return epoch == null ? Position.START : Position.after(epoch, at);
    }

    /** {@return the same as one string, as it goes outside of WebSocket; empty before the first event} */
    public String positionText() {
        return epoch == null ? "" : PositionText.of(epoch, at);
    }

    /** {@return the data of a {@code subscribe} that goes on where this client stands} */
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
     * A message came. One that is about another execution, or about none, is passed over.
     *
     * @param message any message of a server
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
                    throw wrong("A status from the future");
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
     * The client was told where it stands by a position in one string, as in the {@code next} of a poll or the {@code id} of a stream.
     *
     * @param position the string
     */
    public void reached(String position) {
        Position told = PositionText.parse(position).orElseThrow(() -> wrong("No position: " + position));
        tell("position " + position);
        reached(Objects.requireNonNull(told.epoch()), told.seq());
    }

    /**
     * It joins in the middle, as an execution does that falls under a subscription to many: what came before is not promised.
     *
     * @param seq the number of the last event before those that it is to be told of
     */
    public void beginAfter(long seq) {
        epoch = truth.epoch();
        at = seq;
    }

    /** {@return whether it has been told of everything, and nothing can follow} */
    public boolean isOver() {
        truth.record();
        return truth.isEnded() && isPresent() && passing(at, truth.latest()) == 0;
    }

    /** Everything has come to rest: nothing may be missing. */
    public void finish() {
        truth.record();
        if (!isPresent()) {
            throw wrong("It was not told that the execution was begun anew");
        }
        nothingMissing(truth.latest());
    }

    /** {@return how many events came} */
    public int events() {
        return events;
    }

    /** {@return how many holes were told} */
    public int holes() {
        return holes;
    }

    /** {@return how often newer events stood for older ones} */
    public int skips() {
        return skips;
    }

    /** {@return how often it was told where it stands} */
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
            return; // it waits for the execution
        }
        if (!present.equals(truth.epoch())) {
            throw wrong("Another epoch than " + truth.epoch());
        }
        if (isPresent() ? number(data, "after") != at : data.get("after") != null) {
            throw wrong("Not taken up where it stands, at " + positionText());
        }
        epoch = epoch == null ? present : epoch;
    }

    private void missed(Map<?, ?> data) {
        if (!isPresent()) {
            if (!Objects.equals(data.get("epoch"), epoch) || number(data, "from") != at + 1 || data.get("to") != null) {
                throw wrong("Not the hole that a position of another epoch is, at " + positionText());
            }
            epoch = truth.epoch();
            at = 0;
            holes++;
            return;
        }
        long from = number(data, "from");
        long to = number(data, "to");
        if (!truth.epoch().equals(data.get("epoch")) || from <= at || to < from || to >= truth.oldest()) {
            throw wrong("Not the hole that there is, at " + positionText() + ", oldest " + truth.oldest());
        }
        nothingMissing(from - 1); // a poll does not tell of what its filter held back before the hole
        at = to;
        holes++;
    }

    private void skipped(long from, long to) {
        if (!isPresent() || !conflates || from <= at || to < from) {
            throw wrong("Skipped, at " + positionText());
        }
        nothingMissing(from - 1);
        for (long seq = from; seq <= to; seq++) {
            if (filter.passes(truth.event(seq).event()) && !hasNewer(seq)) {
                throw wrong("Nothing newer stands for event " + seq);
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
            throw wrong("A position " + ofEpoch + ":" + seq + ", at " + positionText());
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

    /** Whether the client's numbers are of the present epoch. */
    private boolean isPresent() {
        return epoch == null || epoch.equals(truth.epoch());
    }

    private void nothingMissing(long to) {
        long missing = passing(at, to);
        if (missing != 0) {
            throw wrong("Event " + missing + " is missing");
        }
    }

    /** The first event between that passes, 0 for none. */
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
        throw wrong("No number: " + field);
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
