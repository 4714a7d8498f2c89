package io.flowscript.events.cluster;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxChange;
import io.flowscript.events.inbox.InboxChanges;
import io.flowscript.events.inbox.InboxQuery;
import java.util.HashMap;
import java.util.Map;

/** What somebody sees who follows the open interactions of one process. */
final class InboxView {

    private final Inbox inbox;
    private final InboxChanges changes;
    private final Map<PauseToken, Interaction> seen = new HashMap<>();
    private boolean isRead;

    InboxView(Inbox inbox) {
        this.inbox = inbox;
        this.changes = inbox.follow(InboxQuery.OPEN, interaction -> true, () -> {});
    }

    /** Takes in what has changed. A list that cannot be read now is read the next time. */
    synchronized void look() {
        try {
            read();
            for (InboxChange change = changes.poll(); change != null; change = changes.poll()) {
                take(change);
                read();
            }
        } catch (FlowScriptException e) {
            // The store is away.
        }
    }

    private void read() {
        if (!isRead) {
            seen.clear();
            inbox.list(InboxQuery.OPEN, null, Inbox.MAX_PAGE)
                    .interactions()
                    .forEach(open -> seen.put(open.token(), open));
            isRead = true;
        }
    }

    private void take(InboxChange change) {
        if (change instanceof InboxChange.Entered entered) {
            seen.put(entered.interaction().token(), entered.interaction());
        } else if (change instanceof InboxChange.Changed changed) {
            seen.put(changed.interaction().token(), changed.interaction());
        } else if (change instanceof InboxChange.Left left) {
            seen.remove(left.token());
        } else {
            isRead = false;
        }
    }

    synchronized Map<PauseToken, Interaction> seen() {
        return Map.copyOf(seen);
    }
}
