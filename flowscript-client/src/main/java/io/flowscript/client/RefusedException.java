package io.flowscript.client;

import io.flowscript.core.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server has refused a command or a subscription. The {@link #code} is one of the protocol's (section 4).
 *
 * @since 0.1.0
 */
public final class RefusedException extends ClientException {

    private static final long serialVersionUID = 1L;

    /** The other fields of the reply. */
    private final transient Map<String, @Nullable Object> details;

    RefusedException(String code, String message, Map<String, @Nullable Object> details) {
        this(code, message, details, null);
    }

    private RefusedException(
            String code, String message, Map<String, @Nullable Object> details, @Nullable Throwable cause) {
        super(code, message, cause);
        this.details = Json.object(details);
    }

    /** {@return the fields of the server's reply; an immutable map, empty after serialization} */
    @SuppressWarnings("ReferenceEquality") // null only after serialization
    public Map<String, @Nullable Object> details() {
        Map<String, @Nullable Object> known = details;
        return known == null ? Map.of() : known;
    }

    @Override
    RefusedException again() {
        return new RefusedException(code(), String.valueOf(getMessage()), details(), this);
    }
}
