package io.flowscript.testkit.protocol;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventFields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The names of the fields by which an event describes itself, whether or not there is something in them; those of an object after its name and a dot. */
final class DescribedFields implements EventFields {

    private final Set<String> names = new TreeSet<>();
    private final Set<String> omittable = new TreeSet<>();
    private String place = "";

    /** Adds what an event tells. */
    void add(Event event) {
        event.describe(this);
    }

    /** Those that clients are sent. */
    Set<String> names() {
        return names;
    }

    /** Those that are always there, unless they are too large or not to be shown. */
    Set<String> omittable() {
        return omittable;
    }

    @Override
    public EventFields name(String field, @Nullable String value) {
        return add(field);
    }

    @Override
    public EventFields text(String field, @Nullable String value) {
        return add(field);
    }

    @Override
    public EventFields number(String field, long value) {
        return add(field);
    }

    @Override
    public EventFields flag(String field, boolean value) {
        return add(field);
    }

    @Override
    public EventFields time(String field, @Nullable Instant value) {
        return add(field);
    }

    @Override
    public EventFields duration(String field, Duration value) {
        return add(field);
    }

    @Override
    public EventFields texts(String field, List<String> values) {
        return add(field);
    }

    @Override
    public EventFields value(String field, @Nullable Object value) {
        omittable.add(place + field);
        return add(field);
    }

    @Override
    public EventFields optional(String field, @Nullable Object value) {
        return add(field);
    }

    @Override
    public EventFields state(String field, @Nullable Object value) {
        return value(field, value);
    }

    @Override
    public EventFields contextHash(String field, @Nullable Map<String, @Nullable Object> shown) {
        return add(field);
    }

    @Override
    public EventFields internal(String field, @Nullable String value) {
        return this;
    }

    @Override
    public EventFields beginObject(String field) {
        add(field);
        place = field + ".";
        return this;
    }

    @Override
    public EventFields endObject() {
        place = "";
        return this;
    }

    private EventFields add(String field) {
        names.add(place + field);
        return this;
    }
}
