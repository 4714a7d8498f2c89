package io.flowscript.events.operations;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.runtime.InvalidInputException;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when an operation was refused or has failed. The message and the details are written for the client and
 * contain no internals of the server. The cause, if any, is the internal failure.
 *
 * @since 0.1.0
 */
public final class OperationException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    /** The error code that clients receive. */
    private final ErrorCode errorCode;

    private final transient Map<String, @Nullable Object> details;

    private final @Nullable Duration retryAfter;

    /**
     * Creates an exception for an operation that is refused.
     *
     * @param errorCode the reason
     * @param message a sentence for the client
     */
    public OperationException(ErrorCode errorCode, String message) {
        this(errorCode, message, Map.of(), null);
    }

    OperationException(
            ErrorCode errorCode, String message, Map<String, @Nullable Object> details, @Nullable Throwable cause) {
        this(errorCode, message, details, cause, errorCode.retryAfter().orElse(null));
    }

    private OperationException(
            ErrorCode errorCode,
            String message,
            Map<String, @Nullable Object> details,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter) {
        super(errorCode.id(), message, cause);
        this.errorCode = errorCode;
        this.details = details;
        this.retryAfter = retryAfter;
    }

    /** {@return an exception for an operation that can succeed after another time than the code says} */
    static OperationException retried(ErrorCode errorCode, String message, Duration retryAfter) {
        return new OperationException(errorCode, message, Map.of(), null, retryAfter);
    }

    /**
     * Converts a failure into what clients are sent.
     *
     * @param failure what was thrown
     * @return the failure itself when it is an {@code OperationException}; an exception with the code and the message
     *     of the failure when its code is one that clients are sent; otherwise one with {@link ErrorCode#INTERNAL},
     *     whose message reveals nothing of the failure
     */
    public static OperationException of(Throwable failure) {
        if (failure instanceof OperationException refused) {
            return refused;
        }
        if (failure instanceof InvalidInputException invalid) {
            return Refusals.of(invalid);
        }
        ErrorCode code = failure instanceof FlowScriptException known
                ? ErrorCode.of(known.code()).orElse(ErrorCode.INTERNAL)
                : ErrorCode.INTERNAL;
        String message = switch (code) {
            case INTERNAL -> "The request failed; the server's log says why";
            case SERVER_CLOSING -> "The server is closing";
            case TOO_MANY_EXECUTIONS -> "As many executions are under way as this server takes; try again later";
            default -> String.valueOf(Guard.message(failure));
        };
        return new OperationException(code, message, Map.of(), failure);
    }

    /** {@return the reason} */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** {@return how long the client should wait before it tries again, in whole seconds; empty when trying again does not help} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * Returns further facts for the client, such as who answered before, and when.
     *
     * @return the facts by their names in replies, in order; may be empty. Values are strings,
     *     {@link java.time.Instant}s, {@link io.flowscript.core.interaction.Interaction.Claim}s and plain values; nulls
     *     are left out of replies
     */
    public Map<String, @Nullable Object> details() {
        return details;
    }
}
