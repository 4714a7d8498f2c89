package io.flowscript.json.protocol;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every code that a client can be sent, over whichever transport (protocol, section 4). Each code has its HTTP status and, where trying again
 * helps, the time to wait before that. The engine's own codes, which are more detailed, belong to one of these.
 *
 * @since 0.1.0
 */
public enum ErrorCode {
    /** The message is not JSON, or not UTF-8. */
    INVALID_JSON(400, "json_too_deep"),
    /** A field is missing or is not what it should be. */
    INVALID_MESSAGE(
            400,
            "invalid_execution_id",
            "invalid_value",
            "value_too_deep",
            "invalid_idempotency_key",
            "invalid_duration",
            "invalid_query",
            "invalid_cursor",
            "invalid_limit"),
    /** There is no message of this type. */
    UNKNOWN_TYPE(400),
    /** The message is larger than the server takes, or than the engine keeps. */
    MESSAGE_TOO_LARGE(413, "state_too_large", "value_too_large"),
    /** The client sends too much in too short a time. */
    RATE_LIMITED(429, Duration.ofMinutes(1)),
    /** The server does not know who the client is. */
    UNAUTHORIZED(401),
    /** The client may not do this. */
    FORBIDDEN(403),
    /** There is no such execution, or the client may not see it. */
    EXECUTION_NOT_FOUND(404),
    /** There is an execution with this id already. */
    EXECUTION_EXISTS(409),
    /** There is no such workflow, or the client may not start it. */
    WORKFLOW_NOT_FOUND(404),
    /** There is no such interaction, or the client may not see it. */
    INTERACTION_NOT_FOUND(404),
    /** Another answer was first. */
    ALREADY_RESOLVED(409),
    /** Somebody else has claimed the interaction. */
    ALREADY_CLAIMED(409),
    /** What the person saw has changed since. */
    STALE(409),
    /** The interaction's deadline has passed. */
    EXPIRED(410),
    /** The idempotency key was used before, with something else. */
    IDEMPOTENCY_CONFLICT(409),
    /** The answer breaks the form's schema. */
    VALIDATION_FAILED(422),
    /** Kept for later versions. */
    NOT_PAUSED(409),
    /** The execution has ended. */
    EXECUTION_FINISHED(409),
    /** The client has as many subscriptions, streams and polls as it may have. */
    TOO_MANY_SUBSCRIPTIONS(429, Duration.ofSeconds(5)),
    /** As many executions are under way as the engine takes. */
    TOO_MANY_EXECUTIONS(503, Duration.ofSeconds(10)),
    /** As many clients are connected as the server takes. */
    TOO_MANY_CONNECTIONS(503, Duration.ofSeconds(5)),
    /** The server has not signed this answer link. */
    INVALID_LINK(404),
    /** The time of the answer link is over. */
    LINK_EXPIRED(410),
    /** The server is going away. */
    SERVER_CLOSING(503, Duration.ofSeconds(1), "engine_closed", "inbox_closed"),
    /** A fault of the server; its log says more. */
    INTERNAL(500);

    private static final Map<String, ErrorCode> BY_CODE = new HashMap<>();

    static {
        for (ErrorCode code : values()) {
            BY_CODE.put(code.id(), code);
            code.engineCodes.forEach(engineCode -> BY_CODE.put(engineCode, code));
        }
    }

    private final int httpStatus;
    private final @Nullable Duration retryAfter;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> engineCodes;

    ErrorCode(int httpStatus, String... engineCodes) {
        this(httpStatus, null, engineCodes);
    }

    ErrorCode(int httpStatus, @Nullable Duration retryAfter, String... engineCodes) {
        this.httpStatus = httpStatus;
        this.retryAfter = retryAfter;
        this.engineCodes = List.of(engineCodes);
    }

    /** {@return the code on the wire, such as {@code invalid_message}} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the status of an HTTP answer with this code (protocol, section 5)} */
    public int httpStatus() {
        return httpStatus;
    }

    /** {@return how long a client waits before it tries again, in whole seconds; empty where trying again does not help} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * The code that clients are sent for a code of an exception.
     *
     * @param code the {@link #id()} of one of these, or a code of the engine, such as {@code invalid_execution_id}
     * @return the code; empty for a code that no client is sent
     */
    public static Optional<ErrorCode> of(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
