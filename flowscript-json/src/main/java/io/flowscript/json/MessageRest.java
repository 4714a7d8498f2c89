package io.flowscript.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventFields;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.Millis;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the message of an event does not say, and is needed to make the event of it: the types of numbers, times and lengths of time
 * to the nanosecond, characters that UTF-8 cannot represent, and fields that no client receives. Most events have nothing of that.
 *
 * <p>It is a JSON object in ASCII. Its fields have the names that they have in the message, after that of the object that they are
 * in. For one event and one thread.
 */
final class MessageRest implements EventFields {

    /** The types of the numbers among the event's fields. */
    static final String NUMBERS = "#";

    static final String NODE_NAME = "nodeName";
    static final String NODE_ID = "nodeId";

    /** One that no thread uses now, so that most events need no object for this. */
    private static final AtomicReference<@Nullable MessageRest> SPARE = new AtomicReference<>();

    private final NumberTypes numbers = new NumberTypes();
    private final BiConsumer<@Nullable Object, @Nullable Object> entries = this::lookAtEntry;
    private @Nullable Map<String, @Nullable Object> fields;
    private String place = "";
    private @Nullable String nodeId;
    private boolean hasNodeName;
    private boolean isWellFormed;

    private MessageRest() {}

    /** {@return the rest of an event's message; null when the message says all} */
    static byte @Nullable [] of(Event event) {
        MessageRest spare = SPARE.getAndSet(null);
        MessageRest rest = spare == null ? new MessageRest() : spare;
        byte[] bytes = rest.look(event);
        SPARE.set(rest); // one that has failed is not used again
        return bytes;
    }

    private byte @Nullable [] look(Event event) {
        numbers.reset();
        fields = null;
        place = "";
        nodeId = null;
        hasNodeName = false;
        event.describe(this);
        if (!hasNodeName && !isNameIn(nodeId, event.nodeName())) {
            add(NODE_NAME, event.nodeName());
        }
        String letters = numbers.letters();
        if (letters != null) {
            add(NUMBERS, letters);
        }
        return fields == null ? null : json(fields);
    }

    /** Most fields are short texts of simple characters, which need no generator. */
    private static byte[] json(Map<String, @Nullable Object> fields) {
        StringBuilder out = new StringBuilder("{");
        for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
            if (!(field.getValue() instanceof String text) || !JsonWriter.isSimple(text)) {
                return JsonWriter.writeExact(json -> {
                    json.writeStartObject();
                    fields.forEach((name, value) -> {
                        json.writeName(name);
                        ExactValues.write(value, json);
                    });
                    json.writeEndObject();
                });
            }
            out.append(out.length() == 1 ? "\"" : ",\"")
                    .append(field.getKey())
                    .append("\":\"")
                    .append(text)
                    .append('"');
        }
        return out.append('}').toString().getBytes(US_ASCII);
    }

    /** {@return the name of the node in the id of a visit, as the engine makes it; null when there is none} */
    static @Nullable String nameIn(@Nullable String nodeId) {
        int length = nameLength(nodeId);
        return nodeId == null || length < 0 ? null : nodeId.substring(0, length);
    }

    private static boolean isNameIn(@Nullable String nodeId, @Nullable String name) {
        int length = nameLength(nodeId);
        if (nodeId == null || length < 0 || name == null) {
            return name == null && length < 0;
        }
        return name.length() == length && nodeId.startsWith(name);
    }

    /** {@return the number of characters before the dash and the digits at the end; negative for none} */
    private static int nameLength(@Nullable String nodeId) {
        int dash = nodeId == null ? -1 : nodeId.lastIndexOf('-');
        if (nodeId == null || dash == nodeId.length() - 1) {
            return -1;
        }
        for (int i = dash + 1; i < nodeId.length(); i++) {
            if (nodeId.charAt(i) < '0' || nodeId.charAt(i) > '9') {
                return -1;
            }
        }
        return dash;
    }

    @Override
    public MessageRest name(String field, @Nullable String value) {
        if (place.isEmpty()) {
            hasNodeName |= field.equals(NODE_NAME);
            nodeId = field.equals(NODE_ID) ? value : nodeId;
        }
        return text(field, value);
    }

    @Override
    public MessageRest text(String field, @Nullable String value) {
        if (value != null && !JsonWriter.isWellFormed(value)) {
            add(place + field, value);
        }
        return this;
    }

    @Override
    public MessageRest number(String field, long value) {
        numbers.addWhole();
        return this;
    }

    @Override
    public MessageRest flag(String field, boolean value) {
        return this;
    }

    @Override
    public MessageRest time(String field, @Nullable Instant value) {
        if (value != null) {
            numbers.addWhole();
            if (!Instant.ofEpochMilli(Millis.of(value)).equals(value)) {
                add(place + field, InstantText.of(value));
            }
        }
        return this;
    }

    @Override
    public MessageRest duration(String field, Duration value) {
        numbers.addWhole();
        if (!Duration.ofMillis(Millis.of(value)).equals(value)) {
            add(place + field, value.toString());
        }
        return this;
    }

    @Override
    public MessageRest texts(String field, List<String> values) {
        if (!look(values)) {
            add(place + field, values);
        }
        return this;
    }

    @Override
    public MessageRest value(String field, @Nullable Object value) {
        if (!look(value)) {
            add(place + field, value);
        }
        return this;
    }

    @Override
    public MessageRest optional(String field, @Nullable Object value) {
        return value == null ? this : value(field, value);
    }

    @Override
    public MessageRest state(String field, @Nullable Object value) {
        return value(field, value);
    }

    @Override
    @SuppressWarnings("NullAway") // the nullness of type arguments is not in the class files that JDK 17 reads
    public MessageRest contextHash(String field, @Nullable Map<String, @Nullable Object> shown) {
        return this;
    }

    @Override
    public MessageRest internal(String field, @Nullable String value) {
        if (value != null) {
            add(place + field, value);
        }
        return this;
    }

    @Override
    public MessageRest beginObject(String field) {
        place += field + ".";
        return this;
    }

    @Override
    public MessageRest endObject() {
        place = place.substring(0, place.lastIndexOf('.', place.length() - 2) + 1);
        return this;
    }

    /** Notes the types of all numbers in a value. {@return whether UTF-8 can represent its texts} */
    private boolean look(@Nullable Object value) {
        isWellFormed = true;
        lookAt(value);
        return isWellFormed;
    }

    private void lookAt(@Nullable Object value) {
        if (value instanceof String text) {
            isWellFormed = isWellFormed && JsonWriter.isWellFormed(text);
        } else if (value instanceof Number number) {
            numbers.add(number);
        } else if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                lookAt(items.get(i));
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach(entries);
        }
    }

    private void lookAtEntry(@Nullable Object key, @Nullable Object value) {
        lookAt(key);
        lookAt(value);
    }

    private void add(String name, @Nullable Object value) {
        Map<String, @Nullable Object> known = fields;
        if (known == null) {
            known = new LinkedHashMap<>();
            fields = known;
        }
        known.put(name, value);
    }
}
