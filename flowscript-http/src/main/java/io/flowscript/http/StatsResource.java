package io.flowscript.http;

import static io.flowscript.http.RestResponse.fields;

import io.flowscript.core.Identity;
import io.flowscript.core.concurrent.RecentValue;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.engine.EngineCounts;
import io.flowscript.engine.EngineHealth;
import io.flowscript.engine.EngineStats;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.DeliveryLag;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ResourceView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a server, for those who may see them. They cost as much as there are open interactions and clients, up to limits, so they
 * are made once a second, whoever asks. Safe for use by any thread.
 */
final class StatsResource {

    /** The upper bounds of the ages by which open interactions are counted. */
    private static final List<Duration> AGES =
            List.of(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7));

    private final FlowScript flows;
    private final FlowScriptBridge bridge;
    private final Operations operations;
    private final LiveClients clients;
    private final Instant startedAt;
    private final RecentValue<Map<String, @Nullable Object>> stats = new RecentValue<>(Duration.ofSeconds(1));

    StatsResource(FlowScriptBridge bridge, LiveClients clients) {
        this.flows = bridge.flows();
        this.bridge = bridge;
        this.operations = bridge.operations();
        this.clients = clients;
        this.startedAt = flows.clock().instant();
    }

    RestResponse show(RestRequest call) {
        operations.checkObserve(call.who());
        return RestResponse.ok(stats.get(flows.clock().nanoTime(), () -> make(call.who())));
    }

    private Map<String, @Nullable Object> make(Identity who) {
        Instant now = flows.clock().instant();
        EngineStats engine = flows.stats();
        DeliveryLag lag = bridge.lag();
        return fields(
                "timestamp",
                ResourceView.time(now),
                "startedAt",
                ResourceView.time(startedAt),
                "executions",
                ExecutionsResource.byStatus(operations.countAll(who)),
                "interactions",
                interactions(who, now),
                "connections",
                connections(),
                "counters",
                counters(flows.counts()),
                "lag",
                fields("max", lag.max(), "p99", lag.p99(), "slow", lag.slow()),
                "slowClients",
                slowest(lag),
                "memory",
                fields("used", used(), "max", Runtime.getRuntime().maxMemory()),
                "threads",
                threads(),
                "waitingNodes",
                engine.waitingNodes(),
                "store",
                flows.isDurable() ? engine.storeAvailable() ? "available" : "unavailable" : "none",
                "health",
                health(flows.health()));
    }

    private static Map<String, @Nullable Object> health(EngineHealth health) {
        EngineHealth.Shards shards = health.shards();
        return fields(
                "problems",
                health.problems().stream()
                        .map(problem -> problem.name().toLowerCase(Locale.ROOT))
                        .toList(),
                "storeStalled",
                health.storeStalled().toMillis(),
                "clockJump",
                health.clockJump().toMillis(),
                "nodesStalled",
                health.nodesStalled().toMillis(),
                "waitingCommands",
                health.waitingCommands(),
                "shards",
                shards == null
                        ? null
                        : fields(
                                "owned",
                                shards.owned(),
                                "all",
                                shards.all(),
                                "sinceRenewal",
                                shards.sinceRenewal().toMillis(),
                                "lease",
                                shards.lease().toMillis()));
    }

    private Map<String, @Nullable Object> interactions(Identity who, Instant now) {
        Inbox.Count open = operations.countAll(who, InboxQuery.OPEN);
        List<Map<String, @Nullable Object>> byAge = new ArrayList<>();
        long younger = 0;
        boolean exact = open.exact();
        for (Duration age : AGES) {
            Inbox.Count older = operations.countAll(who, InboxQuery.OPEN.requestedBefore(now.minus(age)));
            exact &= older.exact();
            long upTo = Math.max(younger, open.value() - older.value());
            byAge.add(fields("upTo", age.toSeconds(), "count", upTo - younger));
            younger = upTo;
        }
        byAge.add(fields("count", open.value() - younger));
        return fields(
                "open",
                open.value(),
                "exact",
                exact,
                "claimed",
                operations
                        .countAll(who, InboxQuery.OPEN.statuses(Interaction.Status.CLAIMED))
                        .value(),
                "unseen",
                operations.countAll(who, InboxQuery.OPEN.unseen()).value(),
                "byAge",
                byAge,
                "oldest",
                operations
                        .oldestOpen(who)
                        .map(asked -> ResourceView.time(asked.requestedAt()))
                        .orElse(null));
    }

    private Map<String, @Nullable Object> connections() {
        int webSocket = clients.size(LiveClient.Kind.WEB_SOCKET);
        int stream = clients.size(LiveClient.Kind.STREAM);
        int poll = clients.size(LiveClient.Kind.POLL);
        int others = Math.max(0, bridge.stats().connections() - webSocket - stream - poll);
        return fields("webSocket", webSocket, "stream", stream, "poll", poll, "memory", others);
    }

    private static Map<String, @Nullable Object> counters(EngineCounts counts) {
        return fields(
                "started",
                counts.started(),
                "ended",
                counts.ended(),
                "steps",
                counts.steps(),
                "appended",
                counts.appended(),
                "asked",
                counts.asked(),
                "answered",
                counts.answered(),
                "connected",
                counts.connected(),
                "delivered",
                counts.delivered(),
                "bytes",
                counts.deliveredBytes(),
                "refused",
                counts.refused());
    }

    private static List<Map<String, @Nullable Object>> slowest(DeliveryLag lag) {
        return lag.slowest().stream()
                .map(client ->
                        fields("clientId", client.clientId(), "behind", client.behind(), "millis", client.millis()))
                .toList();
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** An estimate of the threads of the JVM. Virtual threads are not counted. */
    private static int threads() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group.activeCount();
    }
}
