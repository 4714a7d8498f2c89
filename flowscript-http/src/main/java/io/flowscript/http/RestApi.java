package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.engine.EngineHealth;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ResourceView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The REST interface (protocol, section 5) without HTTP. Each resource translates a request into an operation, and the
 * result into a response of plain values. Safe for use by any thread.
 */
final class RestApi {

    private final FlowScript flows;
    private final WorkflowsResource workflows;
    private final ExecutionsResource executions;
    private final InteractionsResource interactions;
    private final InboxResource inbox;
    private final @Nullable LinksResource links;
    private final @Nullable StatsResource stats;
    private final boolean metrics;
    private final boolean tickets;
    private final boolean development;

    /**
     * Creates the interface.
     *
     * @param links opens answer links; null for none
     * @param stats the figures; null when they are not shown
     * @param metrics whether the metrics of the application are shown
     * @param tickets whether there are tickets for WebSockets
     * @param development whether senders are believed without a check
     */
    RestApi(
            FlowScript flows,
            Operations operations,
            @Nullable AnswerLinks links,
            @Nullable StatsResource stats,
            boolean metrics,
            boolean tickets,
            boolean development) {
        this.flows = flows;
        this.stats = stats;
        this.metrics = metrics;
        this.tickets = tickets;
        this.development = development;
        ResourceView view = new ResourceView(operations.wire());
        this.workflows = new WorkflowsResource(operations, view);
        this.executions = new ExecutionsResource(operations, view);
        this.interactions = new InteractionsResource(operations, view);
        this.inbox = new InboxResource(operations, view);
        this.links = links == null ? null : new LinksResource(operations, links, view);
    }

    /** Whether a route is available. Those of answer links, tickets, the figures and the metrics exist only when they are configured. */
    boolean has(Route route) {
        return route.targets().stream().allMatch(target -> switch (target) {
            case SHOW_LINK, ANSWER_LINK -> links != null;
            case STATS -> stats != null;
            case METRICS -> metrics;
            case TICKETS -> tickets;
            default -> true;
        });
    }

    RestResponse answer(Route.Target target, RestRequest call) {
        return switch (target) {
            case HEALTH -> health();
            case WORKFLOWS -> workflows.list(call);
            case WORKFLOW -> workflows.show(call);
            case VERSIONS -> workflows.versions(call);
            case EXECUTE -> workflows.execute(call);
            case EXECUTIONS -> executions.list(call);
            case EXECUTION_COUNT -> executions.count(call);
            case STATUS -> executions.status(call);
            case EVENTS, METRICS, TICKETS -> throw new IllegalArgumentException("No JSON; see RestHandler");
            case CANCEL -> executions.cancel(call);
            case RESUME -> interactions.resume(call);
            case CLAIM -> interactions.claim(call);
            case RELEASE -> interactions.release(call);
            case ACK -> inbox.acknowledge(call);
            case INTERACTIONS -> inbox.list(call);
            case INTERACTION_COUNT -> inbox.count(call);
            case INTERACTION -> interactions.show(call);
            case WHO_AM_I -> whoAmI(call);
            case STATS -> Objects.requireNonNull(stats).show(call);
            case SHOW_LINK -> Objects.requireNonNull(links).show(call);
            case ANSWER_LINK -> Objects.requireNonNull(links).answer(call);
        };
    }

    /** Who the sender is taken for. A client without a name has no identity. */
    private RestResponse whoAmI(RestRequest call) {
        Identity who = call.who();
        return RestResponse.ok(
                "identity",
                who.equals(Identity.ANONYMOUS)
                        ? null
                        : RestResponse.fields(
                                "name",
                                who.name(),
                                "groups",
                                who.groups().stream().sorted().toList()),
                "development",
                development);
    }

    private RestResponse health() {
        EngineHealth health = flows.health();
        String status = health.broken() > 0 ? "broken" : health.isUp() ? "ok" : ErrorCode.STORE_UNAVAILABLE.id();
        return new RestResponse(
                status.equals("ok") ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503,
                RestResponse.fields(
                        "status",
                        status,
                        "timestamp",
                        ResourceView.time(flows.clock().instant())));
    }
}
