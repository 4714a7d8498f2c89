package io.flowscript.json.protocol;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.MalformedJsonException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parses messages from clients strictly. A message must be UTF-8 and JSON, without duplicate keys and with nothing
 * after it. Its size and depth are limited, and each field must have its type. Unknown fields are ignored, so that
 * newer clients can connect. An optional field that is null counts as absent, except the answer of a {@code resume},
 * where null is an answer. A {@code traceparent} that is none counts as absent, too.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class MessageParser {

    /** The default maximum size of a message: 1 MiB. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 1024 * 1024;

    /** The maximum nesting depth of a message. */
    public static final int MAX_DEPTH = 64;

    private static final int MAX_ID = 64;
    private static final Set<ClientMessageType> COMMANDS = EnumSet.of(
            ClientMessageType.EXECUTE,
            ClientMessageType.CANCEL,
            ClientMessageType.RESUME,
            ClientMessageType.CLAIM,
            ClientMessageType.RELEASE);

    private static final String TYPES =
            Arrays.stream(ClientMessageType.values()).map(ClientMessageType::id).collect(Collectors.joining(", "));

    private final int maxMessageBytes;
    private final JsonReader reader = new JsonReader(MAX_DEPTH);

    /**
     * Creates a parser.
     *
     * @param maxMessageBytes the maximum size of a message in bytes, from 1
     */
    public MessageParser(int maxMessageBytes) {
        if (maxMessageBytes < 1) {
            throw new FlowScriptException(
                    "invalid_setting", "The largest message must be at least 1 byte, not " + maxMessageBytes);
        }
        this.maxMessageBytes = maxMessageBytes;
    }

    /** {@return the maximum size of a message in bytes} */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * Parses a message.
     *
     * @param message one message in UTF-8; the buffer's position is not changed
     * @return the message
     * @throws ProtocolException with {@link ErrorCode#INVALID_JSON}, {@link ErrorCode#INVALID_MESSAGE}, {@link ErrorCode#UNKNOWN_TYPE} or
     *     {@link ErrorCode#MESSAGE_TOO_LARGE}
     */
    public ClientMessage parse(ByteBuffer message) {
        if (message.remaining() > maxMessageBytes) {
            throw new ProtocolException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "A message may have at most " + maxMessageBytes + " bytes, this one has " + message.remaining(),
                    idOf(message));
        }
        Object root = read(message);
        if (!(root instanceof Map<?, ?> fields)) {
            throw new ProtocolException(
                    ErrorCode.INVALID_MESSAGE,
                    "A message is a JSON object with a \"type\", such as {\"type\":\"ping\",\"data\":{}}; this is a value of type "
                            + Json.typeName(root),
                    null);
        }
        Object id = fields.get("id");
        String readableId = id instanceof String text ? idOrNull(text) : null;
        Fields envelope = new Fields("", fields, readableId);
        if (id != null && readableId == null) {
            throw envelope.wrong("id", "a string of 1 to " + MAX_ID + " characters");
        }
        String type = envelope.name("type");
        ClientMessage request = ClientMessageType.of(type)
                .orElseThrow(() -> new ProtocolException(
                        ErrorCode.UNKNOWN_TYPE,
                        "There is no message of type \"" + Fields.shown(type) + "\"; there are " + TYPES,
                        readableId))
                .read(envelope);
        String caller = COMMANDS.contains(request.type()) ? TraceParent.of(fields.get("traceparent")) : null;
        return caller == null ? request : new ClientMessage.Traced(request, caller);
    }

    private @Nullable Object read(ByteBuffer message) {
        try {
            return reader.read(message);
        } catch (MalformedJsonException e) {
            boolean tooDeep = e.code().equals(MalformedJsonException.TOO_DEEP);
            throw new ProtocolException(
                    tooDeep ? ErrorCode.INVALID_MESSAGE : ErrorCode.INVALID_JSON,
                    "The message cannot be read. " + e.getMessage(),
                    idOf(message));
        }
    }

    /**
     * Finds the id of a message that cannot be parsed, so that the client learns which one it was.
     *
     * @param beginning the message or its beginning, in UTF-8; may be empty; the buffer's position is not changed
     * @return the id; null when it cannot be read
     */
    public @Nullable String idOf(ByteBuffer beginning) {
        String id = reader.find(beginning, "id");
        return id == null ? null : idOrNull(id);
    }

    private static @Nullable String idOrNull(String text) {
        return !text.isEmpty() && text.codePointCount(0, text.length()) <= MAX_ID ? text : null;
    }
}
