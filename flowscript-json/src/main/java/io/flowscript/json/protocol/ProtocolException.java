package io.flowscript.json.protocol;

import io.flowscript.core.FlowScriptException;
import org.jspecify.annotations.Nullable;

/**
 * A message of a client cannot be taken. The message is for the client and says what would be right; it holds nothing of the
 * server's inside.
 *
 * @since 0.1.0
 */
public final class ProtocolException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode errorCode;
    private final @Nullable String id;

    /**
     * Makes an exception.
     *
     * @param errorCode what is wrong
     * @param message for people
     * @param id the {@code id} of the client's message, null when it has none or none that could be read
     */
    public ProtocolException(ErrorCode errorCode, String message, @Nullable String id) {
        super(errorCode.id(), message);
        this.errorCode = errorCode;
        this.id = id;
    }

    /** {@return what is wrong} */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** {@return the {@code id} of the client's message, or null} */
    public @Nullable String id() {
        return id;
    }
}
