package io.flowscript.events.operations;

import io.flowscript.core.FlowScriptException;
import io.flowscript.json.protocol.ErrorCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation was refused, or has failed. The message and the details are for the client and hold nothing of the server's inside;
 * what went wrong inside is the cause.
 *
 * @since 0.1.0
 */
public final class OperationException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode errorCode;
    private final transient Map<String, @Nullable Object> details;

    /**
     * Refuses an operation.
     *
     * @param errorCode why
     * @param message a sentence for the client
     */
    public OperationException(ErrorCode errorCode, String message) {
        this(errorCode, message, Map.of(), null);
    }

    OperationException(
            ErrorCode errorCode, String message, Map<String, @Nullable Object> details, @Nullable Throwable cause) {
        super(errorCode.id(), message, cause);
        this.errorCode = errorCode;
        this.details = details;
    }

    /**
     * What clients are told of a failure.
     *
     * @param failure what was thrown
     * @return the same when it is one of these; with the code and the message of the failure when it has a code that clients are sent; otherwise with
     *     {@link ErrorCode#INTERNAL}, and nothing of the failure in the message
     */
    public static OperationException of(RuntimeException failure) {
        if (failure instanceof OperationException refused) {
            return refused;
        }
        ErrorCode code = failure instanceof FlowScriptException known
                ? ErrorCode.of(known.code()).orElse(ErrorCode.INTERNAL)
                : ErrorCode.INTERNAL;
        String message = switch (code) {
            case INTERNAL -> "The request failed; the server's log says why";
            case SERVER_CLOSING -> "The server is closing";
            case TOO_MANY_EXECUTIONS -> "As many executions are under way as this server takes; try again later";
            default -> String.valueOf(failure.getMessage());
        };
        return new OperationException(code, message, Map.of(), failure);
    }

    /** {@return why} */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /**
     * What a client is told besides, such as who answered before, and when.
     *
     * @return strings, {@link java.time.Instant}s, {@link io.flowscript.core.interaction.Interaction.Claim}s and plain values by the names that they
     *     have in replies, in order; may be empty; nulls are left out of replies
     */
    public Map<String, @Nullable Object> details() {
        return details;
    }
}
