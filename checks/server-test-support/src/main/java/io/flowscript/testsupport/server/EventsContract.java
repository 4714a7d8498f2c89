package io.flowscript.testsupport.server;

import io.flowscript.core.bridge.Transport;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testkit.transport.Peer;
import io.flowscript.testkit.transport.TransportContract;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** What transports without messages of their clients have in common: each client has an execution of its own, which runs as long as the client may want. */
public abstract class EventsContract extends TransportContract {

    /** So that a client that does not read is soon cut off. */
    public static final Duration CLOSING_TIME = Duration.ofSeconds(2);

    private final FlowScript flows = FlowScript.builder()
            .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("told")))
            .workflow(WorkflowDefinition.of(Map.of("id", "waits", "nodes", List.of("ask"))))
            .build();
    private final FlowScriptBridge bridge =
            CheckedBridge.of(FlowScriptBridge.builder(flows).build());
    private final AtomicInteger clients = new AtomicInteger();

    @AfterEach
    void closeEngine() {
        bridge.close();
        flows.close();
    }

    @Override
    protected final Transport transport() {
        return server(bridge);
    }

    /** A server that takes very many requests a second, and gives clients {@link #CLOSING_TIME}. */
    protected abstract TestServer server(FlowScriptBridge rest);

    @Override
    protected final Peer connect(Transport transport) throws IOException {
        String id = "client-" + clients.incrementAndGet();
        flows.start("waits", Map.of(), id);
        return connect(((TestServer) transport).port(), "/executions/" + id + "/events");
    }

    abstract Peer connect(int port, String path) throws IOException;

    @Override
    protected final OptionalInt connections(Transport transport) {
        return OptionalInt.of(((TestServer) transport).clients());
    }

    @Override
    protected final boolean isForeign(Thread thread) {
        return (thread.getName().startsWith("flowscript-") && !thread.getName().startsWith("flowscript-http"))
                || super.isForeign(thread);
    }
}
