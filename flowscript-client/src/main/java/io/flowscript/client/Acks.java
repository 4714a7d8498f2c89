package io.flowscript.client;

import io.flowscript.core.log.Position;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Up to where people have seen executions: the newest position of each of the last hundred executions. For the loop's thread. */
final class Acks {

    private static final int MAX_EXECUTIONS = 100;

    private final Map<String, Position> newest = new LinkedHashMap<>();

    void put(String executionId, Position position) {
        newest.remove(executionId);
        newest.put(executionId, position);
        if (newest.size() > MAX_EXECUTIONS) {
            poll();
        }
    }

    void forEach(BiConsumer<String, Position> action) {
        newest.forEach(action);
    }

    /** Removes what was put first. {@return it; null when there is none} */
    Map.@Nullable Entry<String, Position> poll() {
        Iterator<Map.Entry<String, Position>> all = newest.entrySet().iterator();
        if (!all.hasNext()) {
            return null;
        }
        Map.Entry<String, Position> first = Map.Entry.copyOf(all.next());
        all.remove();
        return first;
    }

    void clear() {
        newest.clear();
    }
}
