package io.flowscript.core.event;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is in the log. The execution's id, the epoch and the number together identify an event permanently.
 *
 * <p>The event is held as an object, as the bytes of its message, or as both. Whoever needs the bytes first encodes it, a store
 * when it writes the event or a bridge when it sends it, and {@linkplain #encodedAs keeps} them here for all others. An older
 * event that has bytes is held as these alone. {@link #event} decodes them; what filters need is known without that.
 *
 * <p>Two recorded events are equal when all parts of them are, however they are held. To those who read it, it is immutable; safe
 * for use by any thread.
 *
 * @since 0.1.0
 */
public final class RecordedEvent {

    private final Origin origin;
    private final long seq;
    private final Instant time;
    private final int weight;

    /** The object. It is null only when {@link #encoded} is not. */
    private volatile @Nullable Event event;

    /** The bytes; null until somebody has encoded the event. */
    private volatile @Nullable EncodedEvent encoded;

    /**
     * The log that an event is of. The events of a log share one.
     *
     * @param executionId the id of the execution
     * @param workflowId the id of the workflow that the execution runs
     * @param epoch the epoch of the log. A log begins a new epoch when it may have lost events that a client has seen.
     */
    public record Origin(String executionId, String workflowId, String epoch) {}

    /**
     * Records an event.
     *
     * @param executionId the id of the execution
     * @param workflowId the id of the workflow that the execution runs
     * @param epoch the epoch of the log
     * @param seq the number of the event; numbers begin at 1 and have no gaps within one execution and epoch
     * @param time when the event was recorded, in milliseconds; never before the time of the previous event
     * @param event the event itself
     */
    public RecordedEvent(String executionId, String workflowId, String epoch, long seq, Instant time, Event event) {
        this(new Origin(executionId, workflowId, epoch), seq, time, event, 0);
    }

    /**
     * Records an event in a log.
     *
     * @param origin the log
     * @param seq the number of the event
     * @param time when the event was recorded, in milliseconds
     * @param event the event itself
     * @param weight an estimate of its memory, in bytes, from 0
     */
    public RecordedEvent(Origin origin, long seq, Instant time, Event event, int weight) {
        this(origin, seq, time, Objects.requireNonNull(event, "event"), null, weight);
    }

    /**
     * Makes an event of its bytes. They are decoded when somebody asks for what is in them.
     *
     * @param origin the log
     * @param seq the number of the event
     * @param time when the event was recorded, in milliseconds
     * @param encoded the bytes
     */
    public RecordedEvent(Origin origin, long seq, Instant time, EncodedEvent encoded) {
        this(origin, seq, time, null, encoded, 0);
    }

    private RecordedEvent(
            Origin origin, long seq, Instant time, @Nullable Event event, @Nullable EncodedEvent encoded, int weight) {
        this.origin = origin;
        this.seq = seq;
        this.time = time;
        this.weight = weight;
        this.encoded = encoded;
        this.event = event;
    }

    /**
     * Returns the same event in another epoch, held as this one is.
     *
     * @param epoch the epoch
     * @return the event
     */
    public RecordedEvent inEpoch(String epoch) {
        // The object first: when it is let go of meanwhile, the bytes are there already.
        Event object = event;
        return new RecordedEvent(new Origin(executionId(), workflowId(), epoch), seq, time, object, encoded, weight);
    }

    /** {@return the id of the execution} */
    public String executionId() {
        return origin.executionId();
    }

    /** {@return the id of the workflow that the execution runs} */
    public String workflowId() {
        return origin.workflowId();
    }

    /** {@return the epoch of the log} */
    public String epoch() {
        return origin.epoch();
    }

    /** {@return the number of the event; numbers begin at 1 and have no gaps within one execution and epoch} */
    public long seq() {
        return seq;
    }

    /** {@return when the event was recorded, in milliseconds; never before the time of the previous event} */
    public Instant time() {
        return time;
    }

    /** {@return an estimate of the event's memory in its log, in bytes; 0 when it is in no log} */
    public int weight() {
        return weight;
    }

    /**
     * Returns the event itself. When only its bytes are held, they are decoded, and each call can return another object.
     *
     * @return the event
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_events} when the bytes are no event
     */
    public Event event() {
        Event object = event;
        if (object != null) {
            return object;
        }
        EncodedEvent bytes = bytes();
        object = bytes.decode(this);
        if (!bytes.hasHead()) {
            event = object; // it was read from a store and is soon let go of as a whole
        }
        return object;
    }

    /** {@return the type of the event} */
    public EventType type() {
        Event object = event;
        if (object != null) {
            return object.type();
        }
        EventType type = bytes().type();
        return type == null ? event().type() : type;
    }

    /** {@return the name of the node that this event is about; null when it is not about a node} */
    public @Nullable String nodeName() {
        Event object = objectUnlessHead();
        return object == null ? bytes().nodeName() : object.nodeName();
    }

    /** {@return the key of {@link Event#conflationKey}; null for an event that is never skipped} */
    public @Nullable String conflationKey() {
        Event object = objectUnlessHead();
        return object == null ? bytes().conflationKey() : object.conflationKey();
    }

    private @Nullable Event objectUnlessHead() {
        Event object = event;
        return object != null || bytes().hasHead() ? object : event();
    }

    private EncodedEvent bytes() {
        return Objects.requireNonNull(encoded, "An event has no object and no bytes");
    }

    /**
     * Returns the bytes of the event.
     *
     * @return the bytes; null until somebody has encoded the event
     */
    public @Nullable EncodedEvent encoded() {
        return encoded;
    }

    /**
     * Keeps the bytes of the event, for all who need them later. They take the place of bytes that were kept before.
     *
     * @param bytes the event, encoded
     */
    public void encodedAs(EncodedEvent bytes) {
        encoded = bytes;
    }

    /** Lets go of the object, if the bytes of the event are here. */
    public void keepBytesOnly() {
        if (encoded != null) {
            event = null;
        }
    }

    /** {@return whether the event is held as an object, beside its bytes or without them} */
    public boolean hasObject() {
        return event != null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof RecordedEvent that
                        && seq == that.seq
                        && origin.equals(that.origin)
                        && time.equals(that.time)
                        && event().equals(that.event()));
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(seq) + origin.hashCode();
    }

    @Override
    public String toString() {
        return "RecordedEvent[executionId=" + executionId() + ", workflowId=" + workflowId() + ", epoch=" + epoch()
                + ", seq=" + seq + ", time=" + time + ", event=" + event() + "]";
    }
}
