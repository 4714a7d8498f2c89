package io.flowscript.json.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What can be wrong with a request of a client (protocol, section 4). The only codes that a client is sent.
 *
 * @since 0.1.0
 */
public enum ErrorCode {
    /** The message is not JSON, or not UTF-8. */
    INVALID_JSON(400),
    /** A field is missing or is not what it should be. */
    INVALID_MESSAGE(400),
    /** There is no message of this type. */
    UNKNOWN_TYPE(400),
    /** The message is larger than is taken. */
    MESSAGE_TOO_LARGE(413),
    /** Too many messages in too short a time. */
    RATE_LIMITED(429),
    /** Nobody knows who the client is. */
    UNAUTHORIZED(401),
    /** The client may not do this. */
    FORBIDDEN(403),
    /** There is no such execution, or the client may not see it. */
    EXECUTION_NOT_FOUND(404),
    /** There is an execution with this id already. */
    EXECUTION_EXISTS(409),
    /** There is no such workflow, or the client may not start it. */
    WORKFLOW_NOT_FOUND(404),
    /** There is no such question, or the client may not see it. */
    INTERACTION_NOT_FOUND(404),
    /** Another answer was first. */
    ALREADY_RESOLVED(409),
    /** Somebody else has taken the question on. */
    ALREADY_CLAIMED(409),
    /** What the person saw has changed since. */
    STALE(409),
    /** The question's deadline has passed. */
    EXPIRED(410),
    /** The idempotency key was used before, with something else. */
    IDEMPOTENCY_CONFLICT(409),
    /** The answer breaks the form's schema. */
    VALIDATION_FAILED(422),
    /** The execution waits for nobody. */
    NOT_PAUSED(409),
    /** The execution has ended. */
    EXECUTION_FINISHED(409),
    /** The connection has as many subscriptions as it may have. */
    TOO_MANY_SUBSCRIPTIONS(429),
    /** The server is going away. */
    SERVER_CLOSING(503),
    /** A fault of the server; its log says more. */
    INTERNAL(500);

    private static final Map<String, ErrorCode> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ErrorCode::id, Function.identity()));

    private final int httpStatus;

    ErrorCode(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    /** {@return the code on the wire, such as {@code invalid_message}} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the status of an HTTP answer with this code (protocol, section 5)} */
    public int httpStatus() {
        return httpStatus;
    }

    /**
     * The code of that id.
     *
     * @param id such as {@code invalid_message}
     * @return the code, empty when it is none that a client is sent
     */
    public static Optional<ErrorCode> of(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }
}
