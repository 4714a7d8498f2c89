package io.flowscript.http;

import io.flowscript.core.Identity;
import java.util.List;
import java.util.Map;

/**
 * The decision whether a WebSocket may be opened, made by {@link HttpApi#admit}.
 *
 * @since 0.1.0
 */
public sealed interface Admission {

    /**
     * The WebSocket may be opened.
     *
     * @param identity who opens it
     * @param headers header fields to add to the upgrade response
     */
    record Admitted(Identity identity, Map<String, List<String>> headers) implements Admission {}

    /**
     * The WebSocket may not be opened.
     *
     * @param response the response to send instead
     */
    record Refused(HttpResponse response) implements Admission {}
}
