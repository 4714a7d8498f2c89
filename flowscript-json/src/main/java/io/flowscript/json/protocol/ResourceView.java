package io.flowscript.json.protocol;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.core.workflow.WorkflowGraph;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Converts workflows, executions and interactions to the JSON objects of REST (protocol, section 5). They have the same members as
 * in messages ({@link ServerMessages}), with times in ISO 8601. Each method returns a new map of plain values, in the
 * order in which they are written.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ResourceView {

    private static final WireSettings UNBOUNDED = new WireSettings(Integer.MAX_VALUE, true);
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private final WireSettings settings;

    /**
     * Creates a view.
     *
     * @param settings which data clients receive
     */
    public ResourceView(WireSettings settings) {
        this.settings = settings;
    }

    /**
     * Converts a version of a workflow.
     *
     * @param definition the definition
     * @param graph its graph
     * @return its names, its hash, its graph and the form of its input
     */
    public Map<String, @Nullable Object> workflow(WorkflowDefinition definition, WorkflowGraph graph) {
        return map(settings, out -> WorkflowView.full(definition, graph, out));
    }

    /**
     * Converts an execution to an entry of a list.
     *
     * @param snapshot the execution
     * @return its names, its status and its times
     */
    public Map<String, @Nullable Object> executionRow(ExecutionSnapshot snapshot) {
        return map(settings, out -> ExecutionView.row(snapshot, out));
    }

    /**
     * Converts the current status of an execution.
     *
     * @param snapshot the execution
     * @param redaction what is hidden
     * @return the status with the open interactions' names, the state and the position
     */
    public Map<String, @Nullable Object> execution(ExecutionSnapshot snapshot, Redaction redaction) {
        return map(settings, out -> ExecutionView.status(snapshot, redaction, out));
    }

    /**
     * Converts an interaction to an entry of a list.
     *
     * @param interaction the interaction
     * @param redaction what is hidden
     * @return the interaction without the form and the values that are shown with it
     */
    public Map<String, @Nullable Object> interactionRow(Interaction interaction, Redaction redaction) {
        return map(settings, out -> InteractionView.row(interaction, redaction, out));
    }

    /**
     * Converts an interaction to what an entry of a list of executions says of it.
     *
     * @param interaction an open interaction
     * @param redaction what is hidden
     * @return whom its execution waits for
     */
    public Map<String, @Nullable Object> waitsFor(Interaction interaction, Redaction redaction) {
        return map(settings, out -> InteractionView.waitsFor(interaction, redaction, out));
    }

    /**
     * Converts an interaction completely.
     *
     * @param interaction the interaction
     * @param redaction what is hidden
     * @return all that people see of it
     */
    public Map<String, @Nullable Object> interaction(Interaction interaction, Redaction redaction) {
        return map(settings, out -> InteractionView.full(interaction, redaction, out));
    }

    /**
     * Converts an interaction for a person with an answer link.
     *
     * @param interaction the interaction
     * @param redaction what is hidden
     * @return what the person sees of it
     */
    public Map<String, @Nullable Object> linkedInteraction(Interaction interaction, Redaction redaction) {
        return map(settings, out -> InteractionView.linked(interaction, redaction, out));
    }

    /**
     * Converts the ids of an interaction.
     *
     * @param token the interaction
     * @return its executionId, nodeId and tokenId
     */
    public Map<String, @Nullable Object> token(PauseToken token) {
        return map(settings, out -> InteractionView.token(token, out));
    }

    /**
     * Converts the details of a refusal, without a limit of their size.
     *
     * @param details strings, times, {@link Interaction.Claim}s and plain values by their names; nulls are left out
     * @return plain values
     */
    public static Map<String, @Nullable Object> details(Map<String, ? extends @Nullable Object> details) {
        return map(UNBOUNDED, out -> InteractionView.details(details, out));
    }

    /**
     * Writes a time as resources have it.
     *
     * @param time the time
     * @return the time in ISO 8601 and UTC, with milliseconds, such as {@code 2026-01-01T00:00:00.000Z}
     */
    public static String time(Instant time) {
        return TIME.format(time);
    }

    private static Map<String, @Nullable Object> map(WireSettings settings, Consumer<FieldWriter> members) {
        FieldMap map = new FieldMap(settings);
        members.accept(map);
        return map.finish();
    }
}
