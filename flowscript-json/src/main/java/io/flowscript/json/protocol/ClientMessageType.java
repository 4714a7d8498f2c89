package io.flowscript.json.protocol;

import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.log.Position;
import io.flowscript.json.codec.Plain;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The types of messages from clients (protocol, section 2). Each type knows how to read its fields.
 *
 * @since 0.1.0
 */
public enum ClientMessageType {
    /** Asks to receive events. */
    SUBSCRIBE(ClientMessageType::subscribe),
    /** Ends a subscription, or stops following the inbox. */
    UNSUBSCRIBE(ClientMessageType::unsubscribe),
    /** Answers an interaction. */
    RESUME(ClientMessageType::resume),
    /** Claims an interaction. */
    CLAIM(ClientMessageType::claim),
    /** Releases a claim. */
    RELEASE(ClientMessageType::release),
    /** Lists the interactions of the inbox. */
    INTERACTIONS(ClientMessageType::interactions),
    /** Acknowledges that everything up to a position was seen. */
    ACK(ClientMessageType::ack),
    /** Presents a new token. */
    AUTHENTICATE(ClientMessageType::authenticate),
    /** Asks for a sign of life. */
    PING(message -> new ClientMessage.Ping(message.id())),
    /** Starts a workflow. */
    EXECUTE(ClientMessageType::execute),
    /** Cancels an execution. */
    CANCEL(ClientMessageType::cancel);

    private static final int MAX_REASON = 1_000;
    private static final int MAX_TOKEN = 16_384;
    private static final int MAX_FILTER = 1_000;
    private static final int MAX_EXECUTIONS = 1_000;
    private static final int MAX_PAGE = 1_000;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_EVENTS_PER_SECOND = 1_000_000;
    private static final Map<String, ClientMessageType> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ClientMessageType::id, Function.identity()));

    private final String id = name().toLowerCase(Locale.ROOT);
    /** The readers have no state. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Function<Fields, ClientMessage> reader;

    ClientMessageType(Function<Fields, ClientMessage> reader) {
        this.reader = reader;
    }

    /** {@return the type on the wire, such as {@code subscribe}} */
    public String id() {
        return id;
    }

    /**
     * Returns the type with a name.
     *
     * @param id the name on the wire, such as {@code subscribe}
     * @return the type; empty when there is no such type
     */
    public static Optional<ClientMessageType> of(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /**
     * Reads a message of this type.
     *
     * @param message the fields of the whole message
     * @throws ProtocolException with {@link ErrorCode#INVALID_MESSAGE} when a field is not what it should be
     */
    ClientMessage read(Fields message) {
        return reader.apply(message);
    }

    private static ClientMessage subscribe(Fields message) {
        Fields data = message.data();
        EventFilter filter = filter(data);
        if (data.get("executions") == null) {
            return subscribe(data, data, scope(data), filter);
        }
        for (String other : List.of("executionId", "workflowId", "all", "after", "epoch")) {
            if (data.get(other) != null) {
                throw data.refused("executions", "cannot be there together with \"" + other + "\"");
            }
        }
        return new ClientMessage.SubscribeEach(
                data.id(),
                data.objects("executions", MAX_EXECUTIONS).stream()
                        .map(one -> subscribe(one, data, new Scope.OneExecution(one.executionId()), filter))
                        .toList());
    }

    /**
     * Reads a subscription.
     *
     * @param data the fields that say where it begins
     * @param common the fields that say what is sent
     */
    private static ClientMessage.Subscribe subscribe(Fields data, Fields common, Scope scope, EventFilter filter) {
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
                data.id(),
                scope,
                position,
                latest,
                filter,
                common.flag("conflate"),
                common.optionalInt("maxEventsPerSecond", 1, MAX_EVENTS_PER_SECOND));
    }

    private static ClientMessage unsubscribe(Fields message) {
        Fields data = message.data();
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

    private static ClientMessage resume(Fields message) {
        Fields data = message.data();
        String executionId = data.executionId();
        data.checkNamesInteraction();
        if (!data.has("data")) {
            throw data.wrong("data", "the answer, any JSON value");
        }
        return new ClientMessage.Resume(
                data.id(),
                executionId,
                data.optionalName("nodeId"),
                data.optionalName("tokenId"),
                data.get("data"),
                data.optionalName("seen"));
    }

    private static ClientMessage claim(Fields message) {
        Fields data = message.data();
        String executionId = data.executionId();
        data.checkNamesInteraction();
        return new ClientMessage.Claim(
                data.id(),
                executionId,
                data.optionalName("nodeId"),
                data.optionalName("tokenId"),
                data.millis("lease", 1, Interactions.MAX_LEASE));
    }

    private static ClientMessage release(Fields message) {
        Fields data = message.data();
        String executionId = data.executionId();
        data.checkNamesInteraction();
        return new ClientMessage.Release(
                data.id(), executionId, data.optionalName("nodeId"), data.optionalName("tokenId"));
    }

    private static ClientMessage interactions(Fields message) {
        Fields data = message.data();
        Integer limit = data.optionalInt("limit", 1, MAX_PAGE);
        return new ClientMessage.Interactions(
                data.id(),
                new InteractionFilter(data),
                data.optionalName("cursor"),
                limit == null ? DEFAULT_PAGE : limit,
                data.flag("count"),
                data.flag("live"));
    }

    private static ClientMessage ack(Fields message) {
        Fields data = message.data();
        String executionId = data.executionId();
        Long seq = data.optionalNumber("seq", 0, Long.MAX_VALUE);
        if (seq == null) {
            throw data.wrong("seq", "the seq of the last event seen, a whole number from 0");
        }
        return new ClientMessage.Ack(data.id(), executionId, new Position(data.optionalName("epoch"), seq));
    }

    /** A token is not shown in an error, whatever is wrong with it. */
    private static ClientMessage authenticate(Fields message) {
        Fields data = message.data();
        if (data.get("token") instanceof String token && !token.isBlank() && token.length() <= MAX_TOKEN) {
            return new ClientMessage.Authenticate(data.id(), token);
        }
        throw data.refused("token", "must be a string of 1 to " + MAX_TOKEN + " characters that is not blank");
    }

    private static ClientMessage execute(Fields message) {
        Fields data = message.data();
        String workflowId = data.name("workflowId");
        Object input = data.get("input");
        if (input != null && !(input instanceof Map)) {
            throw data.wrong("input", "an object");
        }
        String executionId = data.optionalExecutionId();
        return new ClientMessage.Execute(
                data.id(), workflowId, input == null ? Map.of() : Plain.object(input), executionId);
    }

    private static ClientMessage cancel(Fields message) {
        Fields data = message.data();
        String reason = "".equals(data.get("reason")) ? null : data.optionalText("reason", MAX_REASON);
        return new ClientMessage.Cancel(data.id(), data.executionId(), reason);
    }

    /** A position is given as a number and an epoch, or as one string with both ({@link PositionText}). */
    private static Position position(Fields data, Object after) {
        if (after instanceof Number && Fields.wholeNumber(after) >= 0) {
            return new Position(data.optionalName("epoch"), Fields.wholeNumber(after));
        }
        Optional<Position> text = after instanceof String given ? PositionText.parse(given) : Optional.empty();
        return text.orElseThrow(
                () -> data.wrong(
                        "after",
                        "the seq of the last event seen, a whole number from 0; or a position as it is given outside of WebSocket; or \"latest\""));
    }

    private static Scope scope(Fields data) {
        boolean all = data.get("all") != null;
        boolean workflow = data.get("workflowId") != null;
        if (!all && !workflow) {
            return new Scope.OneExecution(data.executionId());
        }
        if (data.get("executionId") != null || all == workflow) {
            throw data.refused(
                    all ? "all" : "workflowId",
                    "cannot be there too: a subscription is about an \"executionId\", a "
                            + "\"workflowId\", or \"all\"");
        }
        if (workflow) {
            return new Scope.OneWorkflow(data.name("workflowId"));
        }
        if (!data.flag("all")) {
            throw data.wrong("all", "true");
        }
        return new Scope.All();
    }

    private static EventFilter filter(Fields data) {
        Set<String> types = data.names("types", MAX_FILTER);
        for (String type : types) {
            if (!type.equals(EventType.CUSTOM_WIRE_NAME)
                    && EventType.ofWireName(type).isEmpty()) {
                throw data.refused(
                        "types",
                        "names \"" + Fields.shown(type) + "\", which is no type of event on the wire, such as "
                                + "node_completed; all types of the application's own are "
                                + EventType.CUSTOM_WIRE_NAME);
            }
        }
        Set<String> nodes = data.names("nodes", MAX_FILTER);
        return types.isEmpty() && nodes.isEmpty() ? EventFilter.NONE : new EventFilter(types, nodes);
    }
}
