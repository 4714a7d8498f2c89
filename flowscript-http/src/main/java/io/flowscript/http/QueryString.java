package io.flowscript.http;

import io.flowscript.json.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses the query string of a URL in the format of HTML forms (the URL standard, section 5.1). Stateless. */
final class QueryString {

    private QueryString() {}

    /**
     * Parses a query string.
     *
     * @param query the query string as it was sent, without the question mark; null for none
     * @return the values of the parameters by name
     * @throws Refusal with 400 when it is not well-formed
     */
    static Map<String, List<String>> parse(@Nullable String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (query == null) {
            return parameters;
        }
        for (String parameter : query.split("&", -1)) {
            if (!parameter.isEmpty()) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                parameters
                        .computeIfAbsent(decode(name), key -> new ArrayList<>(1))
                        .add(equals < 0 ? "" : decode(parameter.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return PercentEncoding.decode(text.replace('+', ' '));
        } catch (IllegalArgumentException e) {
            throw Refusal.of(ErrorCode.INVALID_MESSAGE, "The query string is not well-formed");
        }
    }
}
