package io.flowscript.core.log.memory;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventFields;
import io.flowscript.core.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the memory of one recorded event, its weight. The same event always has the same weight, so a log adds and later
 * subtracts the same number. Data that several events share is counted for each of them. One instance weighs many events, one
 * after the other, and allocates nothing. Not thread-safe.
 */
final class EventWeight implements EventFields {

    /** The part of each event in bytes: the record with number and time, short names and ids, and the slot in the ring. */
    static final long OVERHEAD = 256;

    private long sum;

    long of(Event event) {
        sum = OVERHEAD;
        event.describe(this);
        return sum;
    }

    @Override
    public EventWeight name(String field, @Nullable String value) {
        return this;
    }

    @Override
    public EventWeight text(String field, @Nullable String value) {
        return add(value);
    }

    @Override
    public EventWeight number(String field, long value) {
        return this;
    }

    @Override
    public EventWeight flag(String field, boolean value) {
        return this;
    }

    @Override
    public EventWeight time(String field, @Nullable Instant value) {
        return this;
    }

    @Override
    public EventWeight duration(String field, Duration value) {
        return this;
    }

    @Override
    public EventWeight texts(String field, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            add(values.get(i));
        }
        return this;
    }

    @Override
    public EventWeight value(String field, @Nullable Object value) {
        return add(value);
    }

    @Override
    public EventWeight optional(String field, @Nullable Object value) {
        return add(value);
    }

    @Override
    public EventWeight state(String field, @Nullable Object value) {
        return add(value);
    }

    @Override
    public EventWeight contextHash(String field, @Nullable Map<String, @Nullable Object> shown) {
        return this;
    }

    @Override
    public EventWeight internal(String field, @Nullable String value) {
        return add(value);
    }

    @Override
    public EventWeight beginObject(String field) {
        return this;
    }

    @Override
    public EventWeight endObject() {
        return this;
    }

    private EventWeight add(@Nullable Object value) {
        sum += Json.weight(value);
        return this;
    }
}
