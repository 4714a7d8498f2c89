package io.flowscript.json.protocol;

import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the members of a resource of REST: plain values, times in ISO 8601. For one resource and one thread. */
final class FieldMap implements FieldWriter {

    private final WireSettings settings;
    private final String place;
    private final List<String> omitted;
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    FieldMap(WireSettings settings) {
        this(settings, "", new ArrayList<>(0));
    }

    private FieldMap(WireSettings settings, String place, List<String> omitted) {
        this.settings = settings;
        this.place = place;
        this.omitted = omitted;
    }

    /** The resource, which names what was left out of it. */
    Map<String, @Nullable Object> end() {
        if (!omitted.isEmpty()) {
            members.put("omitted", omitted);
        }
        return members;
    }

    @Override
    public FieldMap text(String name, @Nullable String value) {
        return put(name, value);
    }

    @Override
    public FieldMap number(String name, @Nullable Number value) {
        return put(name, value);
    }

    @Override
    public FieldMap time(String name, @Nullable Instant value) {
        return put(name, value == null ? null : value.toString());
    }

    @Override
    public FieldMap texts(String name, List<String> values) {
        return put(name, values);
    }

    @Override
    public FieldMap value(String name, @Nullable Object value) {
        if (JsonWriter.fits(value, Json.weight(value), settings.maxValueBytes())) {
            members.put(name, value);
            return this;
        }
        return omit(name);
    }

    @Override
    public FieldMap state(String name, @Nullable Object value) {
        return settings.state() ? value(name, value) : omit(name);
    }

    @Override
    public FieldMap object(String name, Consumer<FieldWriter> writer) {
        FieldMap inner = new FieldMap(settings, name + ".", omitted);
        writer.accept(inner);
        return put(name, inner.members);
    }

    @Override
    public <T> FieldMap objects(String name, List<T> items, BiConsumer<T, FieldWriter> writer) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>(items.size());
        for (T item : items) {
            FieldMap inner = new FieldMap(settings, place, omitted);
            writer.accept(item, inner);
            objects.add(inner.members);
        }
        return put(name, objects);
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
            members.put(name, value);
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
