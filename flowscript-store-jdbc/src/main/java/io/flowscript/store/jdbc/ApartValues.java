package io.flowscript.store.jdbc;

import io.flowscript.core.json.Json;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.json.SnapshotCodec;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes the large values out of the state of a snapshot, and puts them back. The keys stay in the snapshot with null as
 * their value, so their order is kept.
 */
// The nullness of the type arguments of methods elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class ApartValues {

    /** A value of the state is kept apart when its weight is greater. */
    static final long THRESHOLD = 4_096;

    private static final byte SEPARATOR = '\n';

    private ApartValues() {}

    /**
     * Returns what is kept apart. The result of an execution has the state once more; when it has another one, nothing is kept
     * apart.
     *
     * @param snapshot a snapshot, or null
     * @return the large values of its state by their keys
     */
    static Map<String, Object> of(@Nullable ExecutionSnapshot snapshot) {
        if (snapshot == null || Json.weight(snapshot.state()) <= THRESHOLD) {
            return Map.of();
        }
        ExecutionResult result = snapshot.result();
        if (result != null && !result.state().equals(snapshot.state())) {
            return Map.of();
        }
        Map<String, Object> apart = new LinkedHashMap<>();
        snapshot.state().forEach((key, value) -> {
            if (value != null && Json.weight(value) > THRESHOLD) {
                apart.put(key, value);
            }
        });
        return apart;
    }

    /**
     * Takes values out of a snapshot.
     *
     * @param snapshot the snapshot
     * @param apart what {@link #of} has returned for it
     * @return what is left; the same snapshot when nothing is kept apart
     */
    static ExecutionSnapshot takeOut(ExecutionSnapshot snapshot, Map<String, Object> apart) {
        if (apart.isEmpty()) {
            return snapshot;
        }
        Map<String, @Nullable Object> left = new LinkedHashMap<>(snapshot.state());
        apart.keySet().forEach(key -> left.put(key, null));
        return with(snapshot, left, Map.of());
    }

    /**
     * Puts values back into a snapshot.
     *
     * @param snapshot what {@link #takeOut} has left
     * @param count how many values were taken out
     * @param lines the values, each of which {@code decode} makes what {@link SnapshotCodec#writeState} writes of a state
     *     with this value alone, with a line feed between them; null when there are none
     * @param decode decrypts a value that is encrypted
     * @return the whole snapshot
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_snapshot} when a value cannot be read, and
     *     {@code store_failed} when they do not fit to the snapshot
     */
    static ExecutionSnapshot putBack(
            ExecutionSnapshot snapshot, int count, byte @Nullable [] lines, UnaryOperator<byte[]> decode) {
        if (count == 0) {
            return snapshot;
        }
        Map<String, @Nullable Object> apart = new LinkedHashMap<>();
        int start = 0;
        for (int end = 0; lines != null && end <= lines.length; end++) {
            if (end == lines.length || lines[end] == SEPARATOR) {
                apart.putAll(SnapshotCodec.readState(decode.apply(Arrays.copyOfRange(lines, start, end))));
                start = end + 1;
            }
        }
        if (apart.size() != count || !snapshot.state().keySet().containsAll(apart.keySet())) {
            throw StoreErrors.failed("Execution " + snapshot.executionId() + " has " + count
                    + " values apart from its snapshot, and the table flowscript_value has others; restore it");
        }
        Map<String, @Nullable Object> whole = new LinkedHashMap<>(snapshot.state());
        whole.putAll(apart);
        Map<String, @Nullable Object> state = Json.object(whole);
        return with(snapshot, state, state);
    }

    private static ExecutionSnapshot with(
            ExecutionSnapshot snapshot,
            Map<String, @Nullable Object> state,
            Map<String, @Nullable Object> resultState) {
        ExecutionResult result = snapshot.result();
        return snapshot.toBuilder()
                .state(state)
                .result(
                        result == null
                                ? null
                                : new ExecutionResult(
                                        result.status(),
                                        resultState,
                                        result.exitSignal(),
                                        result.error(),
                                        result.code(),
                                        result.cause(),
                                        result.nodeId(),
                                        result.endedAt()))
                .build();
    }

    /** {@return the bytes that stand for a key in the table} */
    static byte[] name(String key) {
        // The chars themselves: an encoding has no bytes for half of a surrogate pair.
        ByteBuffer chars = ByteBuffer.allocate(Character.BYTES * key.length());
        chars.asCharBuffer().put(key);
        try {
            return MessageDigest.getInstance("SHA-256").digest(chars.array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
