package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Merges plain JSON values, checks their size, and appends to lists. Stateless. */
final class PlainValues {

    private PlainValues() {}

    /** A frozen object as a map; an empty one for null. */
    @SuppressWarnings("unchecked") // the keys of a frozen object are strings
    static Map<String, @Nullable Object> object(@Nullable Object frozen) {
        return frozen == null ? Map.of() : (Map<String, @Nullable Object>) frozen;
    }

    /** One object laid over another, key by key. */
    static Map<String, @Nullable Object> merge(
            Map<String, @Nullable Object> under, Map<String, ? extends @Nullable Object> over) {
        if (over.isEmpty()) {
            return Json.object(under);
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>(under);
        all.putAll(over);
        return Json.object(all);
    }

    /** Refuses what is too large to be kept with an execution. */
    static void checkSize(@Nullable Object frozen, long maxBytes, String what) {
        if (Json.weight(frozen) > maxBytes) {
            throw new FlowScriptException(
                    "value_too_large", what + " holds more than " + maxBytes + " bytes, the limit for an execution");
        }
    }

    static FlowScriptException stateTooLarge(long maxBytes) {
        return new FlowScriptException(
                "state_too_large",
                "The state would hold more than " + maxBytes
                        + " bytes, the limit; keep large things elsewhere and a reference to them here");
    }

    /** The list with one more at its end. */
    static <T> List<T> append(List<T> items, T last) {
        return append(items, last, Integer.MAX_VALUE);
    }

    /** The list with one more at its end, and without the oldest ones when it would be too long. */
    static <T> List<T> append(List<T> items, T last, int most) {
        List<T> more = new ArrayList<>(items);
        more.add(last);
        return more.subList(Math.max(0, more.size() - most), more.size());
    }
}
