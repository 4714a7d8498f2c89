package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The interactions of the stored executions that are in memory, as they were last reported. What changes is found by comparing
 * with them. Updates of the same execution run one at a time. Safe for use by any thread.
 */
final class LoadedInteractions {

    private final ConcurrentMap<String, List<Interaction>> byExecution = new ConcurrentHashMap<>();

    /** Adds an execution that has entered memory, unless it is there. Nothing has changed by that. */
    void add(String executionId, Supplier<@Nullable ExecutionSnapshot> read) {
        byExecution.compute(executionId, (id, known) -> known == null ? interactions(read.get()) : known);
    }

    /**
     * Compares an execution with what was reported of it.
     *
     * @param read returns the newest snapshot, or null when the execution is not in memory any more. It is called while no
     *     other thread updates the same execution, so that a later update always sees a later snapshot.
     * @param changed receives each difference: the state before, null for a new interaction; and the state after, null for
     *     one that is not remembered any more. Called while the execution is locked; must not block.
     */
    void update(
            String executionId,
            Supplier<@Nullable ExecutionSnapshot> read,
            BiConsumer<@Nullable Interaction, @Nullable Interaction> changed) {
        byExecution.compute(executionId, (id, known) -> {
            ExecutionSnapshot now = read.get();
            if (now == null) {
                return null;
            }
            List<Interaction> after = interactions(now);
            compare(known == null ? List.of() : known, after == null ? List.of() : after, changed);
            return after;
        });
    }

    private static void compare(
            List<Interaction> before,
            List<Interaction> after,
            BiConsumer<@Nullable Interaction, @Nullable Interaction> changed) {
        Map<String, Interaction> known = new HashMap<>();
        before.forEach(interaction -> known.put(interaction.token().tokenId(), interaction));
        for (Interaction interaction : after) {
            Interaction was = known.remove(interaction.token().tokenId());
            if (!interaction.equals(was)) {
                changed.accept(was, interaction);
            }
        }
        known.values().forEach(interaction -> changed.accept(interaction, null));
    }

    private static @Nullable List<Interaction> interactions(@Nullable ExecutionSnapshot snapshot) {
        if (snapshot == null || (snapshot.open().isEmpty() && snapshot.closed().isEmpty())) {
            return null;
        }
        return Stream.concat(snapshot.open().stream(), snapshot.closed().stream())
                .filter(interaction -> interaction.question() != null)
                .toList();
    }
}
