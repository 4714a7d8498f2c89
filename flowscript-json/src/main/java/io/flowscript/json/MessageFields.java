package io.flowscript.json;

import io.flowscript.json.JsonFields.FieldType;
import io.flowscript.json.codec.Plain;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an event's message, or of an object in it. What its {@link MessageRest rest} has of a field comes first. A required
 * field that is absent and a value of another type are errors. For one thread.
 */
// The nullness of the type arguments of constructors elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class MessageFields {

    private final Map<String, @Nullable Object> message;
    private final Map<String, @Nullable Object> rest;
    private final String place;

    /**
     * Creates the fields.
     *
     * @param message the data of the message, with numbers of the types that they had
     * @param rest what the message does not say
     */
    MessageFields(Map<String, @Nullable Object> message, Map<String, @Nullable Object> rest) {
        this(message, rest, "");
    }

    private MessageFields(Map<String, @Nullable Object> message, Map<String, @Nullable Object> rest, String place) {
        this.message = message;
        this.rest = rest;
        this.place = place;
    }

    String text(String name) {
        return required(name, optionalText(name));
    }

    @Nullable
    String optionalText(String name) {
        return (String) (isInRest(name) ? rest.get(place + name) : message.get(name));
    }

    /** The name of the node, which most messages say only in the id of its visit. */
    String nodeName() {
        return required(MessageRest.NODE_NAME, optionalNodeName());
    }

    @Nullable
    String optionalNodeName() {
        return isInRest(MessageRest.NODE_NAME) || message.containsKey(MessageRest.NODE_NAME)
                ? optionalText(MessageRest.NODE_NAME)
                : MessageRest.nameIn(optionalText(MessageRest.NODE_ID));
    }

    /** A text that no client receives. */
    @Nullable
    String internal(String name) {
        return (String) rest.get(place + name);
    }

    int number(String name) {
        return (Integer) required(name, message.get(name));
    }

    boolean flag(String name) {
        return (Boolean) required(name, message.get(name));
    }

    Instant time(String name) {
        return required(name, optionalTime(name));
    }

    @Nullable
    Instant optionalTime(String name) {
        return inMillis(name, FieldTypes.TIME, Instant::ofEpochMilli);
    }

    Duration duration(String name) {
        return required(name, inMillis(name, FieldTypes.DURATION, Duration::ofMillis));
    }

    private <V> @Nullable V inMillis(String name, FieldType<V> exact, Function<Long, V> ofMillis) {
        if (isInRest(name)) {
            return exact.read().apply(required(name, rest.get(place + name)));
        }
        Object millis = message.get(name);
        return millis == null ? null : ofMillis.apply(FieldTypes.LONG.read().apply(millis));
    }

    /** Texts; none when the field is absent. */
    List<String> texts(String name) {
        Object texts = isInRest(name) ? rest.get(place + name) : message.get(name);
        return texts == null
                ? List.of()
                : Plain.array(texts).stream()
                        .map(text -> (String) required(name, text))
                        .toList();
    }

    /** Any JSON value; null also when the field is absent. */
    @Nullable
    Object value(String name) {
        return isInRest(name) ? ExactValues.decode(rest.get(place + name)) : message.get(name);
    }

    @Nullable
    Map<String, @Nullable Object> optionalObject(String name) {
        Object object = value(name);
        return object == null ? null : Plain.object(object);
    }

    Map<String, @Nullable Object> object(String name) {
        return required(name, optionalObject(name));
    }

    /** The fields of an object in this one; null when it is absent. */
    @Nullable
    MessageFields optionalPart(String name) {
        Object part = message.get(name);
        return part == null ? null : new MessageFields(Plain.object(part), rest, place + name + ".");
    }

    MessageFields part(String name) {
        return required(name, optionalPart(name));
    }

    private boolean isInRest(String name) {
        return rest.containsKey(place + name);
    }

    private static <V> V required(String name, @Nullable V value) {
        return Objects.requireNonNull(value, name);
    }
}
