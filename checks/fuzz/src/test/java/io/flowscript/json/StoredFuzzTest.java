package io.flowscript.json;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.fuzz.Property;

class StoredFuzzTest {

    /** A snapshot that is read can be written and read again. */
    @FuzzTest
    void snapshot(byte[] input) {
        Property.holdsFor(() -> {
            ExecutionSnapshot snapshot = SnapshotCodec.read(input);
            if (!SnapshotCodec.read(SnapshotCodec.write(snapshot)).equals(snapshot)) {
                throw new AssertionError("The snapshot changes when it is written");
            }
        });
    }

    @FuzzTest
    void events(byte[] input) {
        Property.holdsFor(() -> EventCodec.read("e-1", "expense", input).forEach(event -> event.event()));
    }
}
