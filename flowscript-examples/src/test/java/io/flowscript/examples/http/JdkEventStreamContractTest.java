package io.flowscript.examples.http;

import io.flowscript.core.bridge.Transport;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.HttpSettings;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testkit.transport.Capability;
import io.flowscript.testkit.transport.Peer;
import io.flowscript.testkit.transport.SocketPeer;
import io.flowscript.testkit.transport.TransportContract;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The contract of a transport, kept by server-sent events on the JDK's HTTP server")
@Tag("slow")
class JdkEventStreamContractTest extends TransportContract {

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
    protected Transport transport() {
        HttpSettings settings = HttpSettings.builder()
                .requestsPerSecond(1_000_000)
                .closingTime(Duration.ofSeconds(3))
                .build();
        return new JdkHttpServer(bridge, settings, 0);
    }

    @Override
    protected Peer connect(Transport transport) throws IOException {
        String id = "client-" + clients.incrementAndGet();
        flows.start("waits", Map.of(), id);
        return new StreamPeer(((JdkHttpServer) transport).port(), "/executions/" + id + "/events");
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.SUBSCRIBES, Capability.PINGS);
    }

    @Override
    protected OptionalInt connections(Transport transport) {
        return OptionalInt.of(((JdkHttpServer) transport).clients());
    }

    @Override
    protected boolean isForeign(Thread thread) {
        return thread.getName().startsWith("flowscript-") || super.isForeign(thread);
    }

    private static final class StreamPeer extends SocketPeer {

        private static final String DATA = "data: ";
        private static final String REFUSAL = DATA + "{\"type\":\"error\"";

        StreamPeer(int port, String path) throws IOException {
            super(connect(port));
            write(StreamReader.request(path));
            begin();
        }

        @Override
        protected void readNext(DataInputStream in) throws IOException {
            String line = StreamReader.line(in);
            if (line == null || (line.startsWith("HTTP/1.") && StreamReader.statusOf(line) != 200)) {
                ended(End.PLAIN);
            } else if (line.startsWith(REFUSAL)) {
                ended(End.PLAIN);
            } else if (line.startsWith(DATA)) {
                take(line.substring(DATA.length()));
            }
        }
    }
}
