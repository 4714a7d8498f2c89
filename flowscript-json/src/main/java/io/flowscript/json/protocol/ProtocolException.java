package io.flowscript.json.protocol;

import io.flowscript.core.FlowScriptException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a message from a client is invalid. The text is written for the client and says what would be right; it
 * contains no internals of the server.
 *
 * @since 0.1.0
 */
public final class ProtocolException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    /** The code of the error. */
    private final ErrorCode errorCode;
    /** The client's id of the request; null when it is unknown. */
    private final @Nullable String id;

    /**
     * Creates an exception.
     *
     * @param errorCode the reason
     * @param message a message for people
     * @param id the {@code id} of the client's message, null when it has none or it could not be read
     */
    public ProtocolException(ErrorCode errorCode, String message, @Nullable String id) {
        super(errorCode.id(), message);
        this.errorCode = errorCode;
        this.id = id;
    }

    /** {@return the reason} */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** {@return the {@code id} of the client's message, or null} */
    public @Nullable String id() {
        return id;
    }
}
