package io.flowscript.json.protocol;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the members of a REST resource: plain values, with times in ISO 8601. For one resource and one thread. */
final class FieldMap implements FieldWriter {

    private final WireSettings settings;
    private final Shown shown = new Shown();
    private final List<String> omitted = new ArrayList<>(0);

    /** The objects that are open, the innermost one first. */
    private final Deque<Map<String, @Nullable Object>> open = new ArrayDeque<>();

    /**
     * The path of the object that is being written, as {@code omitted} names it. The path of an object in an array
     * leaves out the array.
     */
    private String place = "";

    FieldMap(WireSettings settings) {
        this.settings = settings;
        open.push(new LinkedHashMap<>());
    }

    /** Returns the resource, with the names of the members that were left out. */
    Map<String, @Nullable Object> finish() {
        Map<String, @Nullable Object> members = open.element();
        if (!omitted.isEmpty()) {
            members.put("omitted", omitted);
        }
        return members;
    }

    @Override
    public FieldMap redacting(Redaction redaction) {
        shown.redact(redaction);
        return this;
    }

    @Override
    public @Nullable Object shown(String field, @Nullable Object value) {
        return shown.hides(field) ? null : shown.value(field, value);
    }

    @Override
    public FieldMap name(String field, @Nullable String value) {
        return text(field, value);
    }

    @Override
    public FieldMap text(String field, @Nullable String value) {
        return put(field, shown.text(field, value));
    }

    @Override
    public FieldMap number(String field, long value) {
        return put(field, value);
    }

    @Override
    public FieldMap flag(String field, boolean value) {
        return put(field, value);
    }

    @Override
    public FieldMap time(String field, @Nullable Instant value) {
        return put(field, value == null ? null : ResourceView.time(value));
    }

    @Override
    public FieldMap duration(String field, Duration value) {
        return this;
    }

    @Override
    public FieldMap texts(String field, List<String> values) {
        return put(field, shown.texts(field, values));
    }

    @Override
    public FieldMap value(String field, @Nullable Object value) {
        if (shown.hides(field)) {
            return omit(field);
        }
        Object seen = shown.value(field, value);
        if (JsonWriter.fits(seen, Json.weight(seen), settings.maxValueBytes())) {
            open.element().put(field, seen);
            return this;
        }
        return omit(field);
    }

    @Override
    public FieldMap optional(String field, @Nullable Object value) {
        return value == null ? this : value(field, value);
    }

    @Override
    public FieldMap state(String field, @Nullable Object value) {
        return settings.state() ? value(field, value) : omit(field);
    }

    // The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
    @SuppressWarnings("NullAway")
    @Override
    public FieldMap contextHash(String field, @Nullable Map<String, @Nullable Object> context) {
        return put(field, shown.contextHash(context));
    }

    @Override
    public FieldMap internal(String field, @Nullable String value) {
        return this;
    }

    @Override
    public FieldMap beginObject(String field) {
        Map<String, @Nullable Object> inner = new LinkedHashMap<>();
        put(field, inner);
        open.push(inner);
        place += field + ".";
        return this;
    }

    @Override
    public FieldMap endObject() {
        open.pop();
        place = place.substring(0, place.lastIndexOf('.', place.length() - 2) + 1);
        return this;
    }

    @Override
    public FieldMap object(String field, Consumer<FieldWriter> members) {
        beginObject(field);
        members.accept(this);
        return endObject();
    }

    @Override
    public <T> FieldMap objects(String field, List<T> items, BiConsumer<T, FieldWriter> members) {
        String outer = place;
        place = "";
        List<Map<String, @Nullable Object>> objects = new ArrayList<>(items.size());
        for (T item : items) {
            open.push(new LinkedHashMap<>());
            members.accept(item, this);
            objects.add(open.pop());
        }
        place = outer;
        return put(field, objects);
    }

    @Override
    public FieldMap inMessages(Consumer<FieldWriter> writer) {
        return this;
    }

    @Override
    public FieldMap inResources(Consumer<FieldWriter> writer) {
        writer.accept(this);
        return this;
    }

    private FieldMap put(String name, @Nullable Object value) {
        if (value != null) {
            open.element().put(name, value);
        }
        return this;
    }

    private FieldMap omit(String name) {
        if (!omitted.contains(place + name)) {
            omitted.add(place + name);
        }
        return this;
    }
}
