package io.flowscript.client;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A connection could not be had, or has ended.
 *
 * @since 0.1.0
 */
public final class ConnectionException extends ClientException {

    private static final long serialVersionUID = 1L;

    /** The close code of the WebSocket; 0 for none. */
    private final int closeCode;

    ConnectionException(String code, String message) {
        this(code, message, 0, null);
    }

    ConnectionException(String code, String message, int closeCode, @Nullable Throwable cause) {
        super(code, message, cause);
        this.closeCode = closeCode;
    }

    /** {@return the close code of the WebSocket; empty when there was none} */
    public OptionalInt closeCode() {
        return closeCode == 0 ? OptionalInt.empty() : OptionalInt.of(closeCode);
    }

    @Override
    ConnectionException again() {
        return new ConnectionException(code(), String.valueOf(getMessage()), closeCode, this);
    }
}
