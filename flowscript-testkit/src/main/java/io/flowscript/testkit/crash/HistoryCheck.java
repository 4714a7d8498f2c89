package io.flowscript.testkit.crash;

import io.flowscript.core.store.Durability;
import io.flowscript.core.store.StoredExecution;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the histories of executions of one workflow: what was observed before, between and after crashes, and what is stored at
 * the end. Each {@link HistoryRule} that does not hold is reported.
 *
 * <pre>{@code
 * List<Violation> wrong = HistoryCheck.like(uninterrupted).check("run-1", observations, stored);
 * }</pre>
 *
 * <p>The nodes of the workflow must lead to the same state in each execution. The exception is the entry {@value #ANSWERS} of the
 * state: an object with the text of the answer that a node got, by the id of its visit. {@link CrashWorkflows} has such
 * workflows. Immutable.
 *
 * @since 0.1.0
 */
public final class HistoryCheck {

    /** The entry of the state that has the answers by the ids of the visits that asked. */
    public static final String ANSWERS = "answers";

    private final StoredExecution model;
    private final Durability durability;
    private final Set<String> askingAnew;

    private HistoryCheck(StoredExecution model, Durability durability, Set<String> askingAnew) {
        this.model = model;
        this.durability = durability;
        this.askingAnew = askingAnew;
    }

    /**
     * Creates a check for executions that are stored with {@link Durability#SYNC}.
     *
     * @param uninterrupted an execution of the workflow that has ended without a crash, with all its events
     * @return the check
     */
    public static HistoryCheck like(StoredExecution uninterrupted) {
        return new HistoryCheck(uninterrupted, Durability.SYNC, Set.of());
    }

    /**
     * Returns a check for executions that are stored in another way.
     *
     * @param level how they are stored
     * @return the check
     */
    public HistoryCheck durability(Durability level) {
        return new HistoryCheck(model, level, askingAnew);
    }

    /**
     * Returns a check that lets nodes ask again after a crash, because they wait for the answer in their middle.
     *
     * @param nodeNames the names of the nodes
     * @return the check
     */
    public HistoryCheck askingAnew(String... nodeNames) {
        return new HistoryCheck(model, durability, Set.of(nodeNames));
    }

    /**
     * Checks the history of one execution.
     *
     * @param executionId the id of the execution
     * @param observations what was observed of all executions, in the order in which it was
     * @param stored the execution at the end, with all its events; null if the store does not have it
     * @return what is wrong; empty if all rules hold
     */
    public List<Violation> check(
            String executionId, List<? extends Observation> observations, @Nullable StoredExecution stored) {
        List<Observation> own = observations.stream()
                .filter(observation -> observation.executionId().equals(executionId))
                .map(Observation.class::cast)
                .toList();
        return new ExecutionHistory(executionId, own, stored).check(model, durability, askingAnew);
    }
}
