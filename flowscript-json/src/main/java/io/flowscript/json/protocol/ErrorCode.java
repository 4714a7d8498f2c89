package io.flowscript.json.protocol;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The error codes that clients can receive, over any transport (protocol, section 4). Each code has an HTTP status. A
 * code after which the client may try again also has the time to wait. The codes of the engine's exceptions are more
 * detailed; those that clients may see are mapped to one of these.
 *
 * @since 0.1.0
 */
public enum ErrorCode {
    /** The message is not JSON, or not UTF-8. */
    INVALID_JSON(400, "json_too_deep"),
    /** A field is missing or has an invalid value. */
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
    /** The message is larger than the server accepts, or a value is larger than the engine stores. */
    MESSAGE_TOO_LARGE(413, "state_too_large", "value_too_large"),
    /** The client has sent too many messages or requests in a short time. */
    RATE_LIMITED(429, Duration.ofMinutes(1)),
    /** The server could not identify the client. */
    UNAUTHORIZED(401),
    /** The client may not do this. */
    FORBIDDEN(403),
    /** There is no such execution, or the client may not see it. */
    EXECUTION_NOT_FOUND(404),
    /** An execution with this id already exists. */
    EXECUTION_EXISTS(409),
    /** There is no such workflow, or the client may not start it. */
    WORKFLOW_NOT_FOUND(404),
    /** There is no such interaction, or the client may not see it. */
    INTERACTION_NOT_FOUND(404),
    /** The interaction has already been answered or closed. */
    ALREADY_RESOLVED(409),
    /** Somebody else has claimed the interaction. */
    ALREADY_CLAIMED(409),
    /** What the person saw has changed in the meantime. */
    STALE(409),
    /** The interaction's deadline has passed. */
    EXPIRED(410),
    /** The idempotency key was used before for a different request. */
    IDEMPOTENCY_CONFLICT(409),
    /** The answer does not match the schema of the form. */
    VALIDATION_FAILED(422),
    /** Reserved for later versions. */
    NOT_PAUSED(409),
    /** The execution has ended. */
    EXECUTION_FINISHED(409),
    /** The client has reached its limit of subscriptions, streams or polls. */
    TOO_MANY_SUBSCRIPTIONS(429, Duration.ofSeconds(5)),
    /** The engine has reached its limit of running executions. */
    TOO_MANY_EXECUTIONS(503, Duration.ofSeconds(10)),
    /** The server has reached its limit of memory for executions, or for messages and bodies that have not arrived completely. */
    MEMORY_LIMIT(503, Duration.ofSeconds(10)),
    /** The server cannot store anything at the moment; nothing was done. */
    STORE_UNAVAILABLE(503, Duration.ofSeconds(10)),
    /** The server has reached its limit of connected clients. */
    TOO_MANY_CONNECTIONS(503, Duration.ofSeconds(5)),
    /** The answer link was not signed by this server. */
    INVALID_LINK(404),
    /** The answer link has expired. */
    LINK_EXPIRED(410),
    /** The server is closing. */
    SERVER_CLOSING(503, Duration.ofSeconds(1), "engine_closed", "inbox_closed"),
    /** An internal error of the server; its log has the details. */
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

    /** {@return the status of an HTTP response with this code (protocol, section 5)} */
    public int httpStatus() {
        return httpStatus;
    }

    /** {@return how long a client should wait before it tries again, in whole seconds; empty when trying again does not help} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * Returns the code that clients receive for the code of an exception.
     *
     * @param code the {@link #id()} of one of these, or a code of the engine, such as {@code invalid_execution_id}
     * @return the code; empty when clients do not receive a code for it
     */
    public static Optional<ErrorCode> of(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
