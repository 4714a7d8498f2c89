package io.flowscript.http;

import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.events.delivery.Commands;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.json.protocol.WireSettings;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked over REST (protocol, section 5), without HTTP: plain values in, plain values out. Asks the access policy for each request. Safe
 * for use by any thread.
 */
final class RestApi {

    private final WorkflowsResource workflows;
    private final ExecutionsResource executions;
    private final InteractionsResource interactions;
    private final InboxResource inbox;
    private final @Nullable LinksResource links;

    RestApi(
            FlowScript flows,
            AccessPolicy policy,
            WireSettings wire,
            Commands commands,
            Supplier<Inbox> inbox,
            @Nullable AnswerLinks links) {
        Rights rights = new Rights(flows, policy);
        InteractionView view = new InteractionView(wire.maxValueBytes());
        ReceiptResponses receipts = new ReceiptResponses(flows);
        this.workflows = new WorkflowsResource(flows, rights, commands);
        this.executions = new ExecutionsResource(flows, rights, wire, commands);
        this.interactions = new InteractionsResource(flows, rights, view, receipts, commands);
        this.inbox = new InboxResource(flows, inbox, rights, view);
        this.links = links == null ? null : new LinksResource(flows, links, rights, view, receipts);
    }

    /** Whether this is there at all: links are only when there are keys for them. */
    boolean has(Route route) {
        return links != null || route.targets().stream().noneMatch(Route.Target::isByLink);
    }

    RestResponse answer(Route.Target target, RestRequest call) {
        return switch (target) {
            case HEALTH -> RestResponse.ok("status", "ok");
            case WORKFLOWS -> workflows.list(call);
            case EXECUTE -> workflows.execute(call);
            case EXECUTIONS -> executions.list(call);
            case STATUS -> executions.status(call);
            case EVENTS -> throw new IllegalArgumentException("No answer that is there at once; see EventsResource");
            case CANCEL -> executions.cancel(call);
            case RESUME -> interactions.resume(call);
            case CLAIM -> interactions.claim(call);
            case RELEASE -> interactions.release(call);
            case ACK -> inbox.acknowledge(call);
            case INTERACTIONS -> inbox.list(call);
            case INTERACTION_COUNT -> inbox.count(call);
            case INTERACTION -> interactions.show(call);
            case SHOW_LINK -> Objects.requireNonNull(links).show(call);
            case ANSWER_LINK -> Objects.requireNonNull(links).answer(call);
        };
    }
}
