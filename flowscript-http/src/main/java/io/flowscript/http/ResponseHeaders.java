package io.flowscript.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header fields of a response that is being built. For one thread at a time. */
final class ResponseHeaders {

    private final Map<String, List<String>> fields = new LinkedHashMap<>();

    /** Sets a field to one value. */
    ResponseHeaders put(String name, String value) {
        fields.put(name, List.of(value));
        return this;
    }

    /** Adds a value to a field. */
    ResponseHeaders add(String name, String value) {
        List<String> values = new ArrayList<>(fields.getOrDefault(name, List.of()));
        values.add(value);
        fields.put(name, List.copyOf(values));
        return this;
    }

    boolean contains(String name) {
        return fields.containsKey(name);
    }

    ResponseHeaders copy() {
        ResponseHeaders copy = new ResponseHeaders();
        copy.fields.putAll(fields);
        return copy;
    }

    Map<String, List<String>> toMap() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
