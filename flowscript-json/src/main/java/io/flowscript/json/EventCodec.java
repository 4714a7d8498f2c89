package io.flowscript.json;

import static io.flowscript.json.FieldTypes.LONG;
import static io.flowscript.json.FieldTypes.TEXT;
import static io.flowscript.json.JsonFields.FieldType.describedBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.JsonFields.FieldType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Converts recorded events to JSON and back without any loss: types of numbers, nulls, the order of keys, and fields that
 * clients do not receive are kept. For stores. The JSON contains the version of its format; other versions are refused.
 * Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class EventCodec {

    /** The version of the format that is written, and the only one that is read. */
    public static final int FORMAT = 1;

    private static final StoredFormat STORED =
            new StoredFormat(FORMAT, "The list of events", "invalid_events", "unknown_events_format");

    /** The time of a recorded event is in whole milliseconds. */
    private static final FieldType<Instant> MILLIS = new FieldType<>(
            (time, json) -> json.writeNumber(time.toEpochMilli()),
            json -> Instant.ofEpochMilli(LONG.read().apply(json)));

    private static final FieldType<Entry> ENTRY = describedBy(EventCodec::entry);

    private EventCodec() {}

    /** What only one event of the list has. Its number follows from its place. */
    private record Entry(Instant time, Event event) {}

    private record Entries(String epoch, long first, List<Entry> entries) {

        Entries {
            if (entries.isEmpty() || first < 1) {
                throw new IllegalArgumentException(entries.size() + " events from number " + first);
            }
        }
    }

    /**
     * Writes events that follow one another in the log of an execution. The ids of the execution and of its workflow are
     * not in the JSON.
     *
     * @param events the events, at least one, all of one execution, one workflow and one epoch. Their numbers are from 1 and
     *     have no gaps; their times are whole milliseconds.
     * @return JSON, in ASCII
     * @throws IllegalArgumentException when the list is empty, or when one of the events does not fit this description
     */
    public static byte[] write(List<RecordedEvent> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("There is no event to write");
        }
        RecordedEvent first = events.get(0);
        List<Entry> entries = new ArrayList<>(events.size());
        for (RecordedEvent each : events) {
            if (!follows(each, first, entries.size())) {
                throw new IllegalArgumentException("Event " + each.seq() + " of " + each.executionId()
                        + " has no place in the list: the events before it begin with " + first.seq() + " of "
                        + first.executionId() + ", and its time is " + each.time());
            }
            entries.add(new Entry(each.time(), each.event()));
        }
        return STORED.write(new Entries(first.epoch(), first.seq(), entries), EventCodec::entries);
    }

    /**
     * Reads events.
     *
     * @param executionId the id of the execution, as it was in the events
     * @param workflowId the id of the workflow that the execution runs, as it was in the events
     * @param bytes the JSON that {@link #write} returned
     * @return the events, equal to those that were written; an immutable list
     * @throws FlowScriptException with code {@code invalid_events} when the JSON is not a valid list of events, or has an
     *     event whose type is not known, or with code {@code unknown_events_format} when it has another format version
     */
    public static List<RecordedEvent> read(String executionId, String workflowId, byte[] bytes) {
        Entries read = STORED.read(bytes, EventCodec::entries);
        List<RecordedEvent> events = new ArrayList<>(read.entries().size());
        for (Entry each : read.entries()) {
            events.add(new RecordedEvent(
                    executionId, workflowId, read.epoch(), read.first() + events.size(), each.time(), each.event()));
        }
        return List.copyOf(events);
    }

    private static boolean follows(RecordedEvent event, RecordedEvent first, int place) {
        return event.seq() == first.seq() + place
                && event.executionId().equals(first.executionId())
                && event.workflowId().equals(first.workflowId())
                && event.epoch().equals(first.epoch())
                && event.time().truncatedTo(ChronoUnit.MILLIS).equals(event.time());
    }

    private static Entries entries(JsonFields<Entries> fields) {
        return new Entries(
                fields.required("epoch", Entries::epoch, TEXT),
                fields.required("first", Entries::first, LONG),
                fields.list("events", Entries::entries, ENTRY));
    }

    private static Entry entry(JsonFields<Entry> fields) {
        return new Entry(fields.required("at", Entry::time, MILLIS), StoredEvents.fields(fields, Entry::event));
    }
}
