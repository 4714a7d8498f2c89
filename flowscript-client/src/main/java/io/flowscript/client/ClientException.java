package io.flowscript.client;

import io.flowscript.core.FlowScriptException;
import org.jspecify.annotations.Nullable;

/**
 * The superclass of the client's own exceptions. Unchecked. The {@link #code} is one of the protocol's or one of the client's own:
 * {@code queue_full}, {@code closed}, {@code connection_lost}, {@code unreachable}, {@code timeout}, {@code heartbeat_missed},
 * {@code http_error}, {@code interrupted}.
 *
 * @since 0.1.0
 */
public class ClientException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    ClientException(String code, String message) {
        this(code, message, null);
    }

    ClientException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }

    /**
     * Returns this exception as the cause of another one with the same code, so that a thread that waits has its own stack trace.
     */
    ClientException again() {
        return new ClientException(code(), String.valueOf(getMessage()), this);
    }
}
