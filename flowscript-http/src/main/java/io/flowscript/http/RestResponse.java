package io.flowscript.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The response to a REST request that was carried out.
 *
 * @param status the HTTP status
 * @param body a JSON object
 */
record RestResponse(int status, Map<String, ? extends @Nullable Object> body) {

    /** A response without a body. */
    static final RestResponse NOTHING = new RestResponse(HttpStatus.NO_CONTENT_204, Map.of());

    static RestResponse ok(@Nullable Object... namesAndValues) {
        return ok(fields(namesAndValues));
    }

    static RestResponse ok(Map<String, ? extends @Nullable Object> body) {
        return new RestResponse(HttpStatus.OK_200, body);
    }

    /** Creates an object from names and values; null values are left out. */
    static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                fields.put(String.valueOf(namesAndValues[i]), value);
            }
        }
        return fields;
    }
}
