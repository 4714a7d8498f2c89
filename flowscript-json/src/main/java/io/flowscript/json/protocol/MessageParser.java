package io.flowscript.json.protocol;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.json.Json;
import io.flowscript.core.log.Position;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.MalformedJsonException;
import io.flowscript.json.codec.Plain;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what clients send, strictly: UTF-8, JSON without duplicate keys and with nothing after it, bounded in size and depth, each
 * field of its type. Unknown fields are ignored, so that newer clients are understood. An optional field that is null counts as
 * absent, but for the answer of a {@code resume}, where null is an answer.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class MessageParser {

    /** The largest message that is taken if nothing else is said: 1 MiB. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 1024 * 1024;

    /** How deep a message may be nested. */
    public static final int MAX_DEPTH = 64;

    private static final int MAX_ID = 64;
    private static final int MAX_NAME = 256;
    private static final int MAX_REASON = 1_000;
    private static final int MAX_FILTER = 1_000;
    private static final int MAX_PAGE = 1_000;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_TEXT = 128;
    private static final Duration MAX_AGE = Duration.ofDays(36_525);
    private static final Duration MAX_TIME = Duration.ofMillis(253_402_300_799_999L);
    private static final Map<String, Status> STATUSES = statuses();
    private static final int MAX_EVENTS_PER_SECOND = 1_000_000;
    private static final Pattern EXECUTION_ID = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._:-]{1,128}+");
    private static final List<String> TYPES = List.of(
            "subscribe",
            "unsubscribe",
            "resume",
            "claim",
            "release",
            "interactions",
            "ack",
            "ping",
            "execute",
            "cancel");

    private final int maxMessageBytes;
    private final JsonReader reader = new JsonReader(MAX_DEPTH);

    /**
     * Makes a parser.
     *
     * @param maxMessageBytes the largest message that is taken, in bytes, from 1
     */
    public MessageParser(int maxMessageBytes) {
        if (maxMessageBytes < 1) {
            throw new FlowScriptException(
                    "invalid_setting", "The largest message must be at least 1 byte, not " + maxMessageBytes);
        }
        this.maxMessageBytes = maxMessageBytes;
    }

    /** {@return the largest message that is taken, in bytes} */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * Reads a message.
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
                    null);
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
        String readableId = id instanceof String text && isId(text) ? text : null;
        Fields envelope = new Fields("", fields, readableId);
        if (id != null && readableId == null) {
            throw envelope.wrong("id", "a string of 1 to " + MAX_ID + " characters");
        }
        String type = envelope.text("type", MAX_NAME);
        return switch (type) {
            case "subscribe" -> subscribe(data(envelope));
            case "unsubscribe" -> unsubscribe(data(envelope));
            case "resume" -> resume(data(envelope));
            case "claim" -> claim(data(envelope));
            case "release" -> release(data(envelope));
            case "interactions" -> interactions(data(envelope));
            case "ack" -> ack(data(envelope));
            case "ping" -> new ClientMessage.Ping(readableId);
            case "execute" -> execute(data(envelope));
            case "cancel" -> cancel(data(envelope));
            default ->
                throw new ProtocolException(
                        ErrorCode.UNKNOWN_TYPE,
                        "There is no message of type \"" + Fields.shown(type) + "\"; there are "
                                + String.join(", ", TYPES),
                        readableId);
        };
    }

    private @Nullable Object read(ByteBuffer message) {
        try {
            return reader.read(message);
        } catch (MalformedJsonException e) {
            boolean tooDeep = e.code().equals(MalformedJsonException.TOO_DEEP);
            throw new ProtocolException(
                    tooDeep ? ErrorCode.INVALID_MESSAGE : ErrorCode.INVALID_JSON,
                    "The message cannot be read. " + e.getMessage(),
                    null);
        }
    }

    private static Fields data(Fields envelope) {
        Object data = envelope.get("data");
        if (data instanceof Map<?, ?> fields) {
            return new Fields("data.", fields, envelope.id());
        }
        throw envelope.wrong("data", "an object");
    }

    private static ClientMessage subscribe(Fields data) {
        Scope scope = scope(data);
        Object after = data.get("after");
        boolean latest = "latest".equals(after);
        Position position = null;
        if (after != null && !latest) {
            if (!(scope instanceof Scope.OneExecution)) {
                throw data.wrong("after", "\"latest\", since a seq belongs to one execution");
            }
            position = position(data, after);
        }
        return new ClientMessage.Subscribe(
                data.id(), scope, position, latest, filter(data), data.flag("conflate"), maxEventsPerSecond(data));
    }

    /** A position is a seq and its epoch, or both in one string as they are outside of WebSocket. */
    private static Position position(Fields data, Object after) {
        if (after instanceof Number && Fields.wholeNumber(after) >= 0) {
            return new Position(data.optionalText("epoch", MAX_NAME), Fields.wholeNumber(after));
        }
        Optional<Position> text = after instanceof String given ? PositionText.parse(given) : Optional.empty();
        return text.orElseThrow(
                () -> data.wrong(
                        "after",
                        "the seq of the last event seen, a whole number from 0; or a position as it is given outside of WebSocket; or \"latest\""));
    }

    private static ClientMessage unsubscribe(Fields data) {
        if (data.get("interactions") == null) {
            return new ClientMessage.Unsubscribe(data.id(), scope(data));
        }
        if (!data.flag("interactions")) {
            throw data.wrong("interactions", "true");
        }
        for (String other : List.of("executionId", "workflowId", "all")) {
            if (data.get(other) != null) {
                throw data.refused("interactions", "cannot be there together with \"" + other + "\"");
            }
        }
        return new ClientMessage.EndInteractions(data.id());
    }

    private static Scope scope(Fields data) {
        boolean all = data.get("all") != null;
        boolean workflow = data.get("workflowId") != null;
        if (!all && !workflow) {
            return new Scope.OneExecution(executionId(data));
        }
        if (data.get("executionId") != null || all == workflow) {
            throw data.refused(
                    all ? "all" : "workflowId",
                    "cannot be there too: a subscription is about an \"executionId\", a "
                            + "\"workflowId\", or \"all\"");
        }
        if (workflow) {
            return new Scope.OneWorkflow(data.text("workflowId", MAX_NAME));
        }
        if (!data.flag("all")) {
            throw data.wrong("all", "true");
        }
        return new Scope.All();
    }

    private static EventFilter filter(Fields data) {
        Set<String> types = data.texts("types", MAX_FILTER, MAX_NAME);
        for (String type : types) {
            if (!type.equals(WireNames.CUSTOM) && WireNames.type(type).isEmpty()) {
                throw data.refused(
                        "types",
                        "names \"" + Fields.shown(type) + "\", which is no type of event on the wire, such as "
                                + "node_completed; all types of the application's own are " + WireNames.CUSTOM);
            }
        }
        Set<String> nodes = data.texts("nodes", MAX_FILTER, MAX_NAME);
        return types.isEmpty() && nodes.isEmpty() ? EventFilter.NONE : new EventFilter(types, nodes);
    }

    private static @Nullable Integer maxEventsPerSecond(Fields data) {
        Object value = data.get("maxEventsPerSecond");
        if (value == null) {
            return null;
        }
        long number = value instanceof Number ? Fields.wholeNumber(value) : 0;
        if (number < 1 || number > MAX_EVENTS_PER_SECOND) {
            throw data.wrong("maxEventsPerSecond", "a whole number from 1 to " + MAX_EVENTS_PER_SECOND);
        }
        return (int) number;
    }

    private static ClientMessage resume(Fields data) {
        String executionId = executionId(data);
        checkNamesQuestion(data);
        if (!data.has("data")) {
            throw data.wrong("data", "the answer, any JSON value");
        }
        return new ClientMessage.Resume(
                data.id(),
                executionId,
                data.optionalText("nodeId", MAX_NAME),
                data.optionalText("tokenId", MAX_NAME),
                data.get("data"),
                data.optionalText("seen", MAX_NAME));
    }

    private static ClientMessage claim(Fields data) {
        String executionId = executionId(data);
        checkNamesQuestion(data);
        return new ClientMessage.Claim(
                data.id(),
                executionId,
                data.optionalText("nodeId", MAX_NAME),
                data.optionalText("tokenId", MAX_NAME),
                data.millis("lease", 1, Interactions.MAX_LEASE));
    }

    private static ClientMessage release(Fields data) {
        String executionId = executionId(data);
        checkNamesQuestion(data);
        return new ClientMessage.Release(
                data.id(), executionId, data.optionalText("nodeId", MAX_NAME), data.optionalText("tokenId", MAX_NAME));
    }

    private static void checkNamesQuestion(Fields data) {
        if (data.optionalText("nodeId", MAX_NAME) == null && data.optionalText("tokenId", MAX_NAME) == null) {
            throw data.wrong("nodeId", "the \"nodeId\" or \"tokenId\" that came with the question");
        }
    }

    private static ClientMessage interactions(Fields data) {
        Duration requestedBefore = data.millis("requestedBefore", 0, MAX_TIME);
        Long limit = data.optionalNumber("limit", 1, MAX_PAGE);
        return new ClientMessage.Interactions(
                data.id(),
                statuses(data),
                data.get("executionId") == null ? null : executionId(data),
                data.optionalText("workflowId", MAX_NAME),
                data.optionalText("assignee", MAX_NAME),
                data.optionalText("group", MAX_NAME),
                data.flag("mine"),
                data.flag("unseen"),
                data.optionalText("text", MAX_TEXT),
                requestedBefore == null ? null : Instant.ofEpochMilli(requestedBefore.toMillis()),
                data.millis("olderThan", 0, MAX_AGE),
                data.optionalText("cursor", MAX_NAME),
                limit == null ? DEFAULT_PAGE : limit.intValue(),
                data.flag("count"),
                data.flag("live"));
    }

    private static Set<Status> statuses(Fields data) {
        Object status = data.get("status");
        if (status == null) {
            return Set.of();
        }
        Set<Status> statuses = EnumSet.noneOf(Status.class);
        for (Object one : status instanceof List<?> several ? several : List.of(status)) {
            Status known = one instanceof String name ? STATUSES.get(name) : null;
            if (known == null) {
                throw data.wrong("status", "one or several of " + String.join(", ", STATUSES.keySet()));
            }
            statuses.add(known);
        }
        if (statuses.isEmpty()) {
            throw data.wrong("status", "one or several of " + String.join(", ", STATUSES.keySet()));
        }
        return statuses;
    }

    private static ClientMessage ack(Fields data) {
        String executionId = executionId(data);
        Long seq = data.optionalNumber("seq", 0, Long.MAX_VALUE);
        if (seq == null) {
            throw data.wrong("seq", "the seq of the last event seen, a whole number from 0");
        }
        return new ClientMessage.Ack(data.id(), executionId, new Position(data.optionalText("epoch", MAX_NAME), seq));
    }

    private static ClientMessage execute(Fields data) {
        String workflowId = data.text("workflowId", MAX_NAME);
        Object input = data.get("input");
        if (input != null && !(input instanceof Map)) {
            throw data.wrong("input", "an object");
        }
        String executionId = data.get("executionId") == null ? null : executionId(data);
        return new ClientMessage.Execute(
                data.id(), workflowId, input == null ? Map.of() : Plain.object(input), executionId);
    }

    private static ClientMessage cancel(Fields data) {
        String reason = "".equals(data.get("reason")) ? null : data.optionalText("reason", MAX_REASON);
        return new ClientMessage.Cancel(data.id(), executionId(data), reason);
    }

    private static String executionId(Fields data) {
        Object id = data.get("executionId");
        if (id instanceof String text && EXECUTION_ID.matcher(text).matches()) {
            return text;
        }
        throw data.wrong("executionId", "1 to 128 characters: letters, digits, and . _ : - (but not . or ..)");
    }

    private static Map<String, Status> statuses() {
        Map<String, Status> statuses = new LinkedHashMap<>();
        for (Status status : Status.values()) {
            statuses.put(status.name().toLowerCase(Locale.ROOT), status);
        }
        return statuses;
    }

    private static boolean isId(String text) {
        return !text.isEmpty() && text.codePointCount(0, text.length()) <= MAX_ID;
    }
}
