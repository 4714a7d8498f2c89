package io.flowscript.http;

import io.flowscript.core.Identity;
import java.util.List;
import java.util.Map;

/**
 * Whether a WebSocket may be opened. See {@link HttpApi#admit}.
 *
 * @since 0.1.0
 */
public sealed interface Admission {

    /**
     * It may.
     *
     * @param identity who opens it
     * @param headers header fields for the answer that does
     */
    record Admitted(Identity identity, Map<String, List<String>> headers) implements Admission {}

    /**
     * It may not.
     *
     * @param response the answer
     */
    record Refused(HttpResponse response) implements Admission {}
}
