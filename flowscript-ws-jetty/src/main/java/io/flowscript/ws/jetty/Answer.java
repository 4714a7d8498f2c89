package io.flowscript.ws.jetty;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request was carried out.
 *
 * @param status the HTTP status
 * @param body a JSON object
 */
record Answer(int status, Map<String, ? extends @Nullable Object> body) {}
