package io.flowscript.engine;

import io.flowscript.core.json.Json;
import io.flowscript.core.snapshot.ExecutionSnapshot.Write;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt has written.
 *
 * @param list each write, in order
 * @param state the state with all of them applied
 * @param bytes the memory of the writes, estimated
 */
record BufferedWrites(List<Write> list, Map<String, @Nullable Object> state, long bytes) {

    /** What the record of a write takes beside its path and its value, in bytes. */
    private static final long WRITE_BYTES = 64;

    /** {@return the memory of a write, estimated, in bytes} */
    static long weight(Write write) {
        return WRITE_BYTES + Json.weight(write.path()) + Json.weight(write.value());
    }
}
