package io.flowscript.json;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.EncodedEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.RecordedEvent;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Converts recorded events to bytes and back without any loss: types of numbers, nulls, the order of keys, and fields that
 * clients do not receive are kept. For stores, and for who keeps events as bytes.
 *
 * <p>The bytes of an event are those of its message to clients of the second version of the protocol, with all values, and those
 * of what the message does not say, if anything. An event that has {@linkplain RecordedEvent#encoded bytes} is not encoded again.
 *
 * <p>A list of events is text in lines. A message is there without its beginning, up to the id of the execution: that is put
 * before it again when the list is read.
 *
 * <pre>
 * {"format":2} a1b2c3d4 7 2 1700000000130 "epoch"             checksum of what follows, first number, count, first time, epoch
 * node_started 0 ,"nodeId":"x-1","nodeName":"x", ... }}         type, milliseconds after the first time, message
 * workflow_event 1 ,"event":"order:packed", ... }}
 * +{"conflationKey":"k"}                                        what the message before does not say
 * </pre>
 *
 * <p>Other formats are refused. Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class EventCodec {

    /** The version of the format that is written, and the only one that is read. */
    public static final int FORMAT = 2;

    private EventCodec() {}

    /**
     * Keeps the message of an event as its bytes.
     *
     * @param event the event
     * @param bytes an array with the event's message, with all values; this part of it does not change any more
     * @param from the index of the message's first byte
     * @param to the index after its last byte
     */
    public static void keep(RecordedEvent event, byte[] bytes, int from, int to) {
        EncodedEvent known = event.encoded();
        if (known == null) {
            Event object = event.event();
            event.encodedAs(new MessageForm(bytes, from, to, MessageRest.of(object), object));
        } else {
            event.encodedAs(known.movedTo(bytes, from));
        }
    }

    /**
     * Writes events that follow one another in the log of an execution. The ids of the execution and of its workflow are
     * not in the bytes. Events that had no {@linkplain RecordedEvent#encoded bytes} have them afterwards.
     *
     * @param events the events, at least one, all of one execution, one workflow and one epoch. Their numbers are from 1 and
     *     have no gaps; their times are whole milliseconds.
     * @return UTF-8
     * @throws IllegalArgumentException when the list is empty, or when one of the events does not fit this description
     */
    public static byte[] write(List<RecordedEvent> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("There is no event to write");
        }
        RecordedEvent first = events.get(0);
        for (int i = 0; i < events.size(); i++) {
            if (!follows(events.get(i), first, i)) {
                RecordedEvent each = events.get(i);
                throw new IllegalArgumentException("Event " + each.seq() + " of " + each.executionId()
                        + " has no place in the list: the events before it begin with " + first.seq() + " of "
                        + first.executionId() + ", and its time is " + each.time());
            }
        }
        return StoredList.write(events);
    }

    private static boolean follows(RecordedEvent event, RecordedEvent first, int place) {
        return first.seq() >= 1
                && event.seq() == first.seq() + place
                && event.executionId().equals(first.executionId())
                && event.workflowId().equals(first.workflowId())
                && event.epoch().equals(first.epoch())
                && event.time().truncatedTo(ChronoUnit.MILLIS).equals(event.time());
    }

    /**
     * Reads events. Each is held as its bytes and decoded when it is asked for.
     *
     * @param executionId the id of the execution, as it was in the events
     * @param workflowId the id of the workflow that the execution runs, as it was in the events
     * @param bytes what {@link #write} returned
     * @return the events, equal to those that were written; an immutable list
     * @throws FlowScriptException with code {@code invalid_events} when the bytes are not those of a list of events, also when any of
     *     them was changed, or with code {@code unknown_events_format} when the list has another format version
     */
    public static List<RecordedEvent> read(String executionId, String workflowId, byte[] bytes) {
        return new StoredList(executionId, workflowId, bytes).read();
    }
}
