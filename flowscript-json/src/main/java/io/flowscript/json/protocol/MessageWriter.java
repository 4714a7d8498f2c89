package io.flowscript.json.protocol;

import io.flowscript.core.Assignment;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonWriter;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes one message, field by field, and keeps account of what was left out of its data. For one message and one thread. */
final class MessageWriter implements FieldWriter, AutoCloseable {

    private final JsonGenerator json;
    private final WireSettings settings;
    private final List<String> omitted = new ArrayList<>(0);

    /** The object that is being written, as {@code omitted} names it: the innermost one alone. */
    private String place = "";

    MessageWriter(OutputStream out, WireSettings settings) {
        this.json = JsonWriter.generator(out);
        this.settings = settings;
    }

    /** Begins the message and its data. */
    MessageWriter begin(String type, Instant timestamp) {
        json.writeStartObject();
        json.writeStringProperty("type", type);
        json.writeNumberProperty("timestamp", timestamp.toEpochMilli());
        return this;
    }

    MessageWriter seq(long seq) {
        json.writeNumberProperty("seq", seq);
        return this;
    }

    MessageWriter replyTo(@Nullable String id) {
        return text("replyTo", id);
    }

    MessageWriter data() {
        json.writeObjectPropertyStart("data");
        return this;
    }

    /** Ends the data and the message. */
    void end() {
        if (!omitted.isEmpty()) {
            texts("omitted", omitted);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    @Override
    public MessageWriter text(String name, @Nullable String value) {
        if (value != null) {
            json.writeName(name);
            JsonWriter.write(value, json);
        }
        return this;
    }

    @Override
    public MessageWriter number(String name, @Nullable Number value) {
        if (value != null) {
            json.writeName(name);
            JsonWriter.write(value, json);
        }
        return this;
    }

    MessageWriter flag(String name, boolean value) {
        json.writeBooleanProperty(name, value);
        return this;
    }

    @Override
    public MessageWriter time(String name, @Nullable Instant value) {
        return number(name, value == null ? null : value.toEpochMilli());
    }

    @Override
    public MessageWriter texts(String name, List<String> values) {
        json.writeName(name);
        JsonWriter.write(values, json);
        return this;
    }

    @Override
    public MessageWriter value(String name, @Nullable Object value) {
        Object frozen = Json.freeze(value);
        if (JsonWriter.fits(frozen, Json.weight(frozen), settings.maxValueBytes())) {
            json.writeName(name);
            JsonWriter.write(frozen, json);
            return this;
        }
        return omit(name);
    }

    @Override
    public MessageWriter optional(String name, @Nullable Object value) {
        return value == null ? this : value(name, value);
    }

    @Override
    public MessageWriter state(String name, @Nullable Object value) {
        return settings.state() ? value(name, value) : omit(name);
    }

    /** What a person is shown (protocol, section 1: nodeInfo). */
    MessageWriter nodeInfo(HumanEvent.Info info) {
        InteractionView.nodeInfo(info, this);
        return this;
    }

    /** Whom an interaction is meant for. */
    MessageWriter assignment(Assignment assignment) {
        return texts("assignees", assignment.people()).texts("groups", assignment.groups());
    }

    @Override
    public MessageWriter object(String name, Consumer<FieldWriter> members) {
        String outer = place;
        place = name + ".";
        json.writeObjectPropertyStart(name);
        members.accept(this);
        json.writeEndObject();
        place = outer;
        return this;
    }

    @Override
    public <T> MessageWriter objects(String name, List<T> items, BiConsumer<T, FieldWriter> members) {
        json.writeArrayPropertyStart(name);
        for (T item : items) {
            json.writeStartObject();
            members.accept(item, this);
            json.writeEndObject();
        }
        json.writeEndArray();
        return this;
    }

    @Override
    public MessageWriter inMessages(Consumer<FieldWriter> members) {
        members.accept(this);
        return this;
    }

    @Override
    public MessageWriter inResources(Consumer<FieldWriter> members) {
        return this;
    }

    private MessageWriter omit(String name) {
        if (!omitted.contains(place + name)) {
            omitted.add(place + name);
        }
        return this;
    }

    @Override
    public void close() {
        json.close();
    }
}
