package io.flowscript.json;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.EncodedEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.Plain;
import io.flowscript.json.codec.TypedReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event as its message of the client protocol, and its {@link MessageRest rest}. Immutable. */
final class MessageForm extends EncodedEvent {

    /** The time and the number of the event come before its data. */
    private static final int NUMBERS_BEFORE_DATA = 2;

    private static final JsonReader REST = new JsonReader(ExactValues.MAX_DEPTH + 31);

    MessageForm(byte[] bytes, int from, int to, byte @Nullable [] rest, @Nullable Event event) {
        super(bytes, from, to, rest, event);
    }

    private MessageForm(MessageForm same, byte[] bytes, int from) {
        super(same, bytes, from);
    }

    /** {@return what the message does not say; null for nothing} */
    byte @Nullable [] restBytes() {
        return rest();
    }

    /** Writes the message without its beginning. */
    void writeFrom(int skipped, ByteArrayOutputStream out) {
        out.write(bytes(), from() + skipped, length() - skipped);
    }

    @Override
    public MessageForm movedTo(byte[] bytes, int from) {
        return new MessageForm(this, bytes, from);
    }

    @Override
    protected Event decode(RecordedEvent recorded) {
        try {
            byte[] restBytes = rest();
            Map<String, @Nullable Object> rest = restBytes == null
                    ? Map.of()
                    : Plain.object(Objects.requireNonNull(REST.read(ByteBuffer.wrap(restBytes)), "the rest"));
            String letters = (String) Objects.requireNonNullElse(rest.get(MessageRest.NUMBERS), "");
            Map<String, @Nullable Object> message = TypedReader.read(
                    bytes(), from(), from() + length(), new NumberTypes.Reader(letters, NUMBERS_BEFORE_DATA));
            return StoredEvents.event(
                    (String) Objects.requireNonNull(message.get("type"), "type"),
                    new MessageFields(Plain.object(Objects.requireNonNull(message.get("data"), "data")), rest));
        } catch (FlowScriptException e) {
            throw invalid(recorded, e.getMessage(), e);
        } catch (RuntimeException e) {
            throw invalid(recorded, "It has been cut or changed since it was written", e);
        }
    }

    private static FlowScriptException invalid(RecordedEvent recorded, @Nullable String why, Throwable cause) {
        return new FlowScriptException(
                "invalid_events",
                "Event " + recorded.seq() + " of execution " + recorded.executionId() + " cannot be read. " + why,
                cause);
    }
}
