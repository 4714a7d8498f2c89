package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxChange;
import io.flowscript.events.inbox.InboxChanges;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.operations.OperationException;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.InteractionFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The inbox of one client: sends pages on request and, if the client wants them, later changes. This class does not
 * queue changes. The inbox records which interactions have changed, and each is written in its current state when the
 * channel is ready.
 *
 * <p>Used by the client's pump, which does not deliver while a request is handled on another thread. Only {@link #close} may be
 * called meanwhile.
 */
final class InboxFeed {

    /** The maximum size of a page, by the weight of its values; a larger page is shortened. */
    private static final long PAGE_BYTES = 1L << 20;

    /** The maximum number of changes in a batch, so that events fit in too. */
    private static final int CHANGES_PER_BATCH = 64;

    private final Delivery delivery;
    private final ConnectedClient client;
    private final Runnable wake;

    /** Guarded by this, as is the flag. */
    private @Nullable InboxChanges changes;

    private boolean ended;

    InboxFeed(Delivery delivery, ConnectedClient client, Runnable wake) {
        this.delivery = delivery;
        this.client = client;
        this.wake = wake;
    }

    void handle(ClientMessage.Interactions request, Consumer<byte[]> out) {
        Identity who = client.identity();
        InboxQuery query = query(request.filter());
        if (request.live()) {
            // Follow before the page is read, so that no change is lost in between.
            follow(null);
            follow(delivery.operations().follow(who, query, wake));
        }
        Inbox.Page page = delivery.operations().interactions(who, query, request.cursor(), request.limit());
        int fitting = fitting(page.interactions());
        if (fitting < page.interactions().size()) {
            page = delivery.operations().interactions(who, query, request.cursor(), fitting);
        }
        Inbox.Count total = request.count() ? delivery.operations().count(who, query) : null;
        out.accept(delivery.messages()
                .interactions(
                        request.id(),
                        page.interactions(),
                        asked -> delivery.operations().redaction(who, asked),
                        page.next(),
                        total == null ? null : total.value(),
                        total != null && total.exact()));
    }

    /**
     * Sends no reply, so that it reveals nothing about an execution that the client may not see. Waits until it is stored, so
     * that the client's next request finds it.
     */
    void handle(ClientMessage.Ack ack) {
        try {
            delivery.operations().acknowledge(client.identity(), ack.executionId(), ack.upTo());
        } catch (OperationException e) {
            if (e.errorCode() != ErrorCode.EXECUTION_NOT_FOUND) {
                throw e;
            }
        }
    }

    void handle(ClientMessage.EndInteractions request, Consumer<byte[]> out) {
        follow(null);
        out.accept(delivery.messages().unsubscribedInteractions(request.id()));
    }

    /** Lets a client that follows its inbox list it again, since its groups have changed. */
    void recheck(Consumer<byte[]> out) {
        if (changes() != null) {
            out.accept(delivery.messages().interactionsMissed());
        }
    }

    /** Writes changes while the batch has space. {@return whether there may be more, for the next batch} */
    boolean fill(Batch batch) {
        InboxChanges from = changes();
        int written = 0;
        while (from != null && written < CHANGES_PER_BATCH && !batch.isFull()) {
            InboxChange change = from.poll();
            if (change == null) {
                return false;
            }
            byte[] message = message(change);
            if (message != null) {
                batch.add(message);
                written++;
            }
        }
        return from != null;
    }

    /** Ends the changes for good. */
    void close() {
        synchronized (this) {
            ended = true;
        }
        follow(null);
    }

    /** Replaces the changes that are sent; null for none. */
    private void follow(@Nullable InboxChanges next) {
        InboxChanges before;
        boolean isRefused;
        synchronized (this) {
            before = changes;
            isRefused = ended;
            changes = isRefused ? null : next;
        }
        if (before != null) {
            before.close();
        }
        if (isRefused && next != null) {
            next.close();
        }
    }

    private synchronized @Nullable InboxChanges changes() {
        return changes;
    }

    /** The message about a change; null when the client does not know the interaction and may not see it now. */
    private byte @Nullable [] message(InboxChange change) {
        if (change instanceof InboxChange.Entered entered) {
            return sees(entered.interaction()) ? changed(entered.interaction()) : null;
        }
        if (change instanceof InboxChange.Changed changed) {
            Interaction now = changed.interaction();
            return sees(now) ? changed(now) : gone(now.token());
        }
        return change instanceof InboxChange.Left left
                ? gone(left.token())
                : delivery.messages().interactionsMissed();
    }

    private byte[] changed(Interaction now) {
        return delivery.messages().interactionChanged(now, delivery.operations().redaction(client.identity(), now));
    }

    private byte[] gone(PauseToken token) {
        return delivery.messages().interactionGone(token);
    }

    private boolean sees(Interaction interaction) {
        return delivery.operations().sees(client.identity(), interaction);
    }

    private InboxQuery query(InteractionFilter filter) {
        InboxQuery query = InboxQuery.OPEN;
        if (!filter.statuses().isEmpty()) {
            query = query.statuses(filter.statuses().toArray(Interaction.Status[]::new));
        }
        if (filter.executionId() != null) {
            query = query.execution(filter.executionId());
        }
        if (filter.workflowId() != null) {
            query = query.workflow(filter.workflowId());
        }
        if (filter.assignee() != null) {
            query = query.assignee(filter.assignee());
        }
        if (filter.group() != null) {
            query = query.group(filter.group());
        }
        if (filter.isMine()) {
            query = query.meantFor(client.identity());
        }
        if (filter.isUnseen()) {
            query = query.unseen();
        }
        if (filter.text() != null) {
            query = query.containing(filter.text());
        }
        Instant before = before(filter);
        return before == null ? query : query.requestedBefore(before);
    }

    private @Nullable Instant before(InteractionFilter filter) {
        Instant before = filter.requestedBefore();
        Duration age = filter.olderThan();
        if (age == null) {
            return before;
        }
        Instant old = delivery.clock().instant().minus(age);
        return before == null || old.isBefore(before) ? old : before;
    }

    /** The number of interactions that fit into a page, at least one. */
    private static int fitting(List<Interaction> interactions) {
        long room = PAGE_BYTES;
        int fitting = 0;
        for (Interaction interaction : interactions) {
            room -= weight(interaction.question());
            if (room < 0 && fitting > 0) {
                return fitting;
            }
            fitting++;
        }
        return fitting;
    }

    private static long weight(@Nullable Question question) {
        return question == null
                ? 0
                : Json.weight(question.schema())
                        + Json.weight(question.uiHints())
                        + Json.weight(question.context())
                        + Json.weight(question.defaults());
    }
}
