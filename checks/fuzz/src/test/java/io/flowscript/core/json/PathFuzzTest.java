package io.flowscript.core.json;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.flowscript.fuzz.Property;
import java.util.List;
import java.util.Map;

class PathFuzzTest {

    private static final Object ROOT = Json.freeze(Map.of("a", List.of(1, Map.of("b", "c")), "0", "zero"));

    /** A path can be written and read again, and what is set at it is found there. */
    @FuzzTest
    void path(byte[] input) {
        Property.holdsFor(() -> {
            JsonPath path = JsonPath.parse(Property.text(input));
            if (!JsonPath.parse(path.toString()).equals(path)) {
                throw new AssertionError(path + " is read as another path");
            }
            path.find(ROOT);
            path.remove(ROOT);
            Object changed = path.set(ROOT, 7);
            if (!Integer.valueOf(7).equals(path.find(changed).raw())) {
                throw new AssertionError(path + " was set and is not found");
            }
        });
    }
}
