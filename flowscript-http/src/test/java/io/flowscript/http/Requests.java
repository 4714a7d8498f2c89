package io.flowscript.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests as an authenticator sees them. */
final class Requests {

    private Requests() {}

    /** A request with header fields, each given as {@code name: value}; the same name twice is two fields. */
    static ClientRequest with(String... fields) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        Arrays.stream(fields)
                .map(field -> field.split(": ", 2))
                .forEach(field -> headers.merge(
                        field[0].toLowerCase(java.util.Locale.ROOT),
                        List.of(field[1]),
                        (one, other) -> java.util.stream.Stream.concat(one.stream(), other.stream())
                                .toList()));
        return new ClientRequest("GET", "/ws", Map.of(), headers, Map.of(), "127.0.0.1", false, null);
    }
}
