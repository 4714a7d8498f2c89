package io.flowscript.events.delivery;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.engine.Execution;
import org.jspecify.annotations.Nullable;

/**
 * Adapts the events of an execution for clients of protocol version 1 (protocol, section 3), which would misread some
 * of them. No other class knows the differences.
 *
 * <ol>
 *   <li>{@code state_updated} is not sent, unless the client names it in its filter.
 *   <li>{@code workflow_cancelled} is sent as {@code workflow_failed} with code {@code cancelled}.
 *   <li>Of what happened to interactions, a replay contains only the requests of those that are still open.
 * </ol>
 */
final class V1View {

    private static final String CANCELLED = "cancelled";

    private final Execution execution;
    private final long lastReplayed;

    /**
     * Creates the view of an execution.
     *
     * @param execution the execution
     * @param lastReplayed the number of the last event that counts as replay for this client
     */
    V1View(Execution execution, long lastReplayed) {
        this.execution = execution;
        this.lastReplayed = lastReplayed;
    }

    /** Whether clients that have caught up and have no filter see nothing of an event. */
    static boolean isHidden(RecordedEvent recorded) {
        return recorded.type().equals(EventType.STATE_UPDATED);
    }

    /** Whether clients see something else than the event. */
    static boolean isChanged(RecordedEvent recorded) {
        return recorded.type().equals(EventType.WORKFLOW_CANCELLED);
    }

    /** Whether what follows an event is no replay for this client. */
    boolean isLiveAfter(long seq) {
        return seq >= lastReplayed;
    }

    /**
     * Returns the event that the client sees.
     *
     * @param recorded the event
     * @param namesState whether the client's filter names {@code state_updated}
     * @return the event itself, a replacement, or null when the client sees nothing
     */
    @Nullable
    RecordedEvent of(RecordedEvent recorded, boolean namesState) {
        if (isHidden(recorded) && !namesState) {
            return null;
        }
        Event event = recorded.event();
        if (event instanceof WorkflowEvent.Cancelled cancelled) {
            return failed(recorded, cancelled);
        }
        if (event instanceof HumanEvent past && recorded.seq() <= lastReplayed) {
            return past instanceof HumanEvent.InputRequired required && isOpen(required) ? recorded : null;
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
                        reason == null ? "The workflow was cancelled" : reason, CANCELLED, null, null, null));
    }
}
