package io.flowscript.events.delivery;

import io.flowscript.core.engine.Execution;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a client of the first protocol version sees of an execution (protocol, section 3): nothing that it would misread. This
 * class alone knows how.
 *
 * <ol>
 *   <li>It sees no {@code state_updated}, unless it names it.
 *   <li>It sees {@code workflow_cancelled} as {@code workflow_failed} with code {@code cancelled}.
 *   <li>In replay it is not shown again a question that is closed by now.
 * </ol>
 */
final class V1View {

    private static final String CANCELLED = "cancelled";

    private final Execution execution;
    private final long replayed;

    /**
     * A view of an execution.
     *
     * @param execution what is looked at
     * @param replayed the number of the last event that is history for this client
     */
    V1View(Execution execution, long replayed) {
        this.execution = execution;
        this.replayed = replayed;
    }

    /**
     * What this client sees of an event.
     *
     * @param recorded the event
     * @param namesState whether it asked for {@code state_updated} by name
     * @return the event itself, another one in its place, or null for nothing
     */
    @Nullable
    RecordedEvent of(RecordedEvent recorded, boolean namesState) {
        if (recorded.event() instanceof StateUpdated && !namesState) {
            return null;
        }
        if (recorded.event() instanceof WorkflowEvent.Cancelled cancelled) {
            return failed(recorded, cancelled);
        }
        if (recorded.event() instanceof HumanEvent.InputRequired required && recorded.seq() <= replayed) {
            return isOpen(required) ? recorded : null;
        }
        return recorded;
    }

    private boolean isOpen(HumanEvent.InputRequired required) {
        return execution.interactions().stream()
                .anyMatch(open -> open.token().tokenId().equals(required.tokenId()));
    }

    private static RecordedEvent failed(RecordedEvent recorded, WorkflowEvent.Cancelled cancelled) {
        String reason = cancelled.reason();
        return new RecordedEvent(
                recorded.executionId(),
                recorded.workflowId(),
                recorded.epoch(),
                recorded.seq(),
                recorded.time(),
                new WorkflowEvent.Failed(
                        reason == null ? "The workflow was cancelled" : reason, CANCELLED, null, null));
    }
}
