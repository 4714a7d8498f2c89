package io.flowscript.json.protocol;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonWriter;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes messages, one after the other, field by field, and records which data was left out. For one thread. After an
 * exception it must not be used again.
 */
class MessageWriter implements FieldWriter, AutoCloseable {

    private final JsonGenerator json;
    private final WireSettings settings;
    private final Shown shown = new Shown();
    private final List<String> omitted = new ArrayList<>(0);
    /**
     * The path of the object that is being written, as {@code omitted} names it. The path of an object in an array
     * leaves out the array.
     */
    private String place = "";

    MessageWriter(OutputStream out, WireSettings settings) {
        this.json = JsonWriter.generator(out);
        this.settings = settings;
    }

    /** Begins the message and its data. */
    MessageWriter begin(String type, Instant timestamp) {
        omitted.clear();
        shown.redact(Redaction.NONE);
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

    /**
     * Ends the data and the message. The bytes may be in a buffer until {@link #flush} or {@link #close}.
     *
     * @return whether no data was left out
     */
    boolean finish() {
        if (!omitted.isEmpty()) {
            texts("omitted", omitted);
        }
        json.writeEndObject();
        json.writeEndObject();
        return omitted.isEmpty();
    }

    @Override
    public MessageWriter redacting(Redaction redaction) {
        shown.redact(redaction);
        return this;
    }

    @Override
    public @Nullable Object shown(String field, @Nullable Object value) {
        return shown.hides(field) ? null : shown.value(field, value);
    }

    @Override
    public MessageWriter name(String field, @Nullable String value) {
        return text(field, value);
    }

    @Override
    public MessageWriter text(String field, @Nullable String value) {
        String text = shown.text(field, value);
        if (text != null) {
            json.writeName(field);
            JsonWriter.write(text, json);
        }
        return this;
    }

    @Override
    public MessageWriter number(String field, long value) {
        json.writeNumberProperty(field, value);
        return this;
    }

    /** Writes a number, unless it is null. */
    MessageWriter optionalNumber(String field, @Nullable Long value) {
        return value == null ? this : number(field, value);
    }

    @Override
    public MessageWriter flag(String field, boolean value) {
        json.writeBooleanProperty(field, value);
        return this;
    }

    @Override
    public MessageWriter time(String field, @Nullable Instant value) {
        return value == null ? this : number(field, Millis.of(value));
    }

    @Override
    public MessageWriter duration(String field, Duration value) {
        return number(field, Millis.of(value));
    }

    @Override
    public MessageWriter texts(String field, List<String> values) {
        json.writeName(field);
        JsonWriter.write(shown.texts(field, values), json);
        return this;
    }

    /** Writes a value. A value that is too large or hidden is left out, and its name is added to {@code omitted}. */
    @Override
    public MessageWriter value(String field, @Nullable Object value) {
        if (shown.hides(field)) {
            return omit(field);
        }
        Object frozen = shown.value(field, Json.freeze(value));
        if (JsonWriter.fits(frozen, Json.weight(frozen), settings.maxValueBytes())) {
            json.writeName(field);
            JsonWriter.write(frozen, json);
            return this;
        }
        return omit(field);
    }

    @Override
    public MessageWriter optional(String field, @Nullable Object value) {
        return value == null ? this : value(field, value);
    }

    @Override
    public MessageWriter state(String field, @Nullable Object value) {
        return settings.state() ? value(field, value) : omit(field);
    }

    @Override
    public MessageWriter change(String path, @Nullable Object newValue) {
        if (shown.redaction().isNone()) {
            return text("path", path).state("newValue", newValue);
        }
        Redaction.Change change = shown.redaction().change(path, newValue);
        text("path", change.path());
        return change.isHidden() ? omit("newValue") : changed(change.value());
    }

    /** Writes the value of a change, of which nothing is hidden any more. */
    private MessageWriter changed(@Nullable Object newValue) {
        Redaction redaction = shown.redaction();
        shown.redact(Redaction.NONE);
        state("newValue", newValue);
        shown.redact(redaction);
        return this;
    }

    // The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
    @SuppressWarnings("NullAway")
    @Override
    public MessageWriter contextHash(String field, @Nullable Map<String, @Nullable Object> context) {
        return text(field, shown.contextHash(context));
    }

    @Override
    public MessageWriter internal(String field, @Nullable String value) {
        return this;
    }

    @Override
    public MessageWriter beginObject(String field) {
        json.writeObjectPropertyStart(field);
        place += field + ".";
        return this;
    }

    @Override
    public MessageWriter endObject() {
        json.writeEndObject();
        place = place.substring(0, place.lastIndexOf('.', place.length() - 2) + 1);
        return this;
    }

    @Override
    public MessageWriter object(String field, Consumer<FieldWriter> members) {
        beginObject(field);
        members.accept(this);
        return endObject();
    }

    @Override
    public <T> MessageWriter objects(String field, List<T> items, BiConsumer<T, FieldWriter> members) {
        String outer = place;
        place = "";
        json.writeArrayPropertyStart(field);
        for (T item : items) {
            json.writeStartObject();
            members.accept(item, this);
            json.writeEndObject();
        }
        json.writeEndArray();
        place = outer;
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

    private MessageWriter omit(String field) {
        String name = place + field;
        if (!omitted.contains(name)) {
            omitted.add(name);
        }
        return this;
    }

    /** Hands all bytes of the messages so far to the stream. */
    void flush() {
        json.flush();
    }

    @Override
    public void close() {
        json.close();
    }
}
