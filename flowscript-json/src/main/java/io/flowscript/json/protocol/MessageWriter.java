package io.flowscript.json.protocol;

import io.flowscript.core.Assignment;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.Question;
import io.flowscript.json.codec.JsonWriter;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes one message, field by field, and keeps account of what was left out of its data. For one message and one thread. */
final class MessageWriter implements AutoCloseable {

    private final JsonGenerator json;
    private final WireSettings settings;
    private final List<String> omitted = new ArrayList<>(0);

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

    /** Left out when it is null. */
    MessageWriter text(String name, @Nullable String value) {
        if (value != null) {
            json.writeName(name);
            JsonWriter.write(value, json);
        }
        return this;
    }

    /** Left out when it is null. */
    MessageWriter number(String name, @Nullable Number value) {
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

    /** Epoch milliseconds; left out when it is null. */
    MessageWriter time(String name, @Nullable Instant value) {
        return number(name, value == null ? null : value.toEpochMilli());
    }

    MessageWriter texts(String name, List<String> values) {
        json.writeName(name);
        JsonWriter.write(values, json);
        return this;
    }

    /** Any JSON value, null too; left out, by name, when it is too large. */
    MessageWriter value(String name, @Nullable Object value) {
        return value(name, name, value);
    }

    /** The same; left out when it is null. */
    MessageWriter optional(String name, @Nullable Object value) {
        return value == null ? this : value(name, value);
    }

    /** A value that belongs to the state. */
    MessageWriter state(String name, @Nullable Object value) {
        if (settings.state()) {
            return value(name, value);
        }
        omitted.add(name);
        return this;
    }

    /** What a person is shown (protocol, section 1: nodeInfo). */
    MessageWriter nodeInfo(HumanEvent.Info info) {
        json.writeObjectPropertyStart("nodeInfo");
        text("name", info.name());
        nested("formSchema", info.formSchema());
        nested("uiHints", info.uiHints());
        nested("contextData", info.contextData());
        text("contextHash", Question.contextHash(info.contextData()));
        nested("defaultValues", info.defaultValues());
        time("requestedAt", info.requestedAt());
        Instant deadline = info.deadline();
        if (deadline != null) {
            number("timeout", Duration.between(info.requestedAt(), deadline).toMillis());
            time("deadline", deadline);
        }
        if (!info.assignment().isForAnybody()) {
            assignment(info.assignment());
        }
        optional("quorum", info.quorum());
        json.writeEndObject();
        return this;
    }

    /** Whom a question is meant for. */
    MessageWriter assignment(Assignment assignment) {
        return texts("assignees", assignment.people()).texts("groups", assignment.groups());
    }

    /** An object that is written by another. */
    MessageWriter object(String name, Runnable writer) {
        json.writeObjectPropertyStart(name);
        writer.run();
        json.writeEndObject();
        return this;
    }

    /** An array of objects that are written in turn. */
    MessageWriter objects(String name, List<Runnable> writers) {
        json.writeArrayPropertyStart(name);
        for (Runnable writer : writers) {
            json.writeStartObject();
            writer.run();
            json.writeEndObject();
        }
        json.writeEndArray();
        return this;
    }

    private void nested(String name, @Nullable Object value) {
        if (value != null) {
            value(name, "nodeInfo." + name, value);
        }
    }

    private MessageWriter value(String name, String place, @Nullable Object value) {
        Object frozen = Json.freeze(value);
        if (JsonWriter.fits(frozen, Json.weight(frozen), settings.maxValueBytes())) {
            json.writeName(name);
            JsonWriter.write(frozen, json);
        } else if (!omitted.contains(place)) {
            omitted.add(place);
        }
        return this;
    }

    @Override
    public void close() {
        json.close();
    }
}
