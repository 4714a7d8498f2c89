package io.flowscript.events.cluster;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.testing.SharedMemoryStore;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** One process: an engine with its member of the store, and three who follow all there: a listener, a client, and one with the inbox. */
final class ClusterProcess {

    private final String name;
    private final SharedMemoryStore member;
    private final FaultyMember faulty;
    private final Heard listener;
    private final Heard client;
    private volatile @Nullable Running running;

    /** What there is once the engine is built. */
    private record Running(
            FlowScript flows,
            EventBridge bridge,
            MemoryTransport transport,
            MemoryClient all,
            Inbox inbox,
            InboxView view) {}

    ClusterProcess(String name, SharedMemoryStore member, Random random) {
        this.name = name;
        this.member = member;
        this.faulty = new FaultyMember(member, random);
        this.listener = new Heard("The listener of " + name);
        this.client = new Heard("The client of " + name);
    }

    /** Starts the process. Blocks. */
    void start(FlowScriptBuilder builder, IntSupplier moments) {
        FlowScript flows = builder.store(faulty.store()).build();
        flows.executions().listen(event -> listener.event(event.executionId(), event.seq()));
        listener.begins(moments.getAsInt());
        EventBridge bridge = FlowScriptBridge.builder(flows).build();
        MemoryTransport transport = MemoryTransport.on(bridge);
        MemoryClient all = transport.connect();
        String unused = all.subscribe(Map.of("all", true));
        Inbox inbox = Inbox.of(flows);
        running = new Running(flows, bridge, transport, all, inbox, new InboxView(inbox));
        faulty.faulty(true);
    }

    /** {@return the engine; null while it is not built} */
    @Nullable
    FlowScript flows() {
        Running now = running;
        return now == null ? null : now.flows();
    }

    @Nullable
    MemoryClient connect() {
        Running now = running;
        return now == null ? null : now.transport().connect();
    }

    SharedMemoryStore member() {
        return member;
    }

    FaultyMember faulty() {
        return faulty;
    }

    List<Heard> heard() {
        return List.of(listener, client);
    }

    /** The inbox is looked at. Can block. */
    void look() {
        Running now = running;
        if (now != null) {
            now.view().look();
        }
    }

    @Nullable
    InboxView view() {
        Running now = running;
        return now == null ? null : now.view();
    }

    @Nullable
    Inbox inbox() {
        Running now = running;
        return now == null ? null : now.inbox();
    }

    /** Takes what the client has got, and notes since when it gets everything. */
    synchronized void take(int moment) {
        Running now = running;
        if (now == null) {
            return;
        }
        for (Map<String, Object> message : now.all().received()) {
            Map<String, Object> data = MemoryClient.data(message);
            if (message.containsKey("seq")) {
                client.event(
                        (String) Objects.requireNonNull(data.get("executionId")),
                        ((Number) Objects.requireNonNull(message.get("seq"))).longValue());
            } else if (Objects.equals(message.get("type"), "events_missed")) {
                client.event((String) Objects.requireNonNull(data.get("executionId")), -1); // a hole was told
            } else if (Objects.equals(message.get("type"), "subscribed") && data.containsKey("all")) {
                client.begins(moment);
            }
        }
        now.all().clear();
    }

    /** Ends the process. Blocks. */
    void close() {
        Running now = running;
        if (now != null) {
            now.inbox().close();
            now.transport().close();
            now.bridge().close();
            now.flows().close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
