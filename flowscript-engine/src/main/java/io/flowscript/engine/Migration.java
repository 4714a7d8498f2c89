package io.flowscript.engine;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How executions move from other versions of a workflow to the registered one: which step of the registered version takes the
 * place of a step of theirs. Immutable; safe for use by any thread.
 *
 * <pre>{@code
 * MigrationReport report = flows.migrate("expense", Migration.create().step("approve", "review"));
 * }</pre>
 *
 * <p>A step is named by the name of its node, when the version has it once, or by its place in the document as a JSON Pointer,
 * such as {@code /nodes/2}. A step that is not mapped keeps its name: both versions must have it once.
 *
 * @since 0.1.0
 */
public final class Migration {

    private static final Migration EMPTY = new Migration(null, Map.of());

    private final @Nullable String fromHash;
    private final Map<String, String> steps;

    private Migration(@Nullable String fromHash, Map<String, String> steps) {
        this.fromHash = fromHash;
        this.steps = steps;
    }

    /** {@return a migration from all other versions, in which each step keeps its name} */
    public static Migration create() {
        return EMPTY;
    }

    /**
     * Moves only executions of one version.
     *
     * @param hash the hash of its definition
     * @return a copy with this version
     */
    public Migration fromVersion(String hash) {
        return new Migration(Objects.requireNonNull(hash, "hash"), steps);
    }

    /**
     * Maps a step. The step of the registered version is called with the answer, or when the sleep is over, so it must be able to
     * continue what the other one has begun.
     *
     * @param from a step of the other version; when it has the name several times, all of them
     * @param to the step of the registered version that takes its place. A loop is mapped to a loop.
     * @return a copy with this mapping
     */
    public Migration step(String from, String to) {
        Map<String, String> more = new LinkedHashMap<>(steps);
        more.put(Objects.requireNonNull(from, "from"), Objects.requireNonNull(to, "to"));
        return new Migration(fromHash, Map.copyOf(more));
    }

    /** {@return whether executions of a version are moved} */
    boolean includes(String hash) {
        return fromHash == null || fromHash.equals(hash);
    }

    /** {@return the steps of the registered version that others are mapped to} */
    Collection<String> targets() {
        return steps.values();
    }

    /** {@return the step that takes the place of one with this name or place; null when it is not mapped} */
    @Nullable
    String target(String nameOrPlace) {
        return steps.get(nameOrPlace);
    }
}
