package io.flowscript.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testsupport.server.Http;
import io.flowscript.testsupport.server.RawClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand clients of the servlet at a time, on Tomcat with few threads. */
@Timeout(120)
@Tag("slow")
class ManyClientsTest {

    private static final int MANY = 1_000;

    /** Those of Tomcat, of the engine, and of the test itself. */
    private static final int MAX_THREADS = TomcatServer.MAX_THREADS + 40;

    private static final Duration CLOSING_TIME = Duration.ofSeconds(9);

    /** What other tests have left. */
    private final Set<Thread> others = Thread.getAllStackTraces().keySet();

    private final FlowScript flows = FlowScript.builder()
            .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("told")))
            .node("large", context -> {
                for (int i = 0; i < 40; i++) {
                    context.runtime().emit("progress", Map.of("text", "x".repeat(8_000)));
                }
                return Edge.of("done");
            })
            .workflow(WorkflowDefinition.of(Map.of("id", "asking", "nodes", List.of("ask"))))
            .workflow(WorkflowDefinition.of(Map.of("id", "large", "nodes", List.of("large", "ask"))))
            .build();
    private final FlowScriptBridge bridge =
            FlowScriptBridge.builder(flows).stallTimeout(Duration.ofMinutes(2)).build();
    private final List<RawClient> clients = new ArrayList<>();
    private FlowScriptServlet servlet;
    private TomcatServer server;

    @BeforeEach
    void start() {
        servlet = Servlets.open(bridge).closingTime(CLOSING_TIME).build();
        server = new TomcatServer(events -> servlet);
        server.start(bridge);
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        server.close();
        bridge.close();
        flows.close();
    }

    private Execution waiting(String workflow) {
        Execution run = flows.start(workflow, Map.of());
        await().until(() -> !run.interactions().isEmpty());
        return run;
    }

    private void stream(Execution run, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            RawClient client = RawClient.withSmallWindow(server.port());
            clients.add(client);
            client.send(("GET /executions/" + run.id() + "/events HTTP/1.1\r\nHost: localhost\r\n"
                            + "Accept: text/event-stream\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> server.clients() == clients.size());
    }

    private void assertServes() throws Exception {
        Http http = new Http(URI.create("http://localhost:" + server.port()));
        assertThat(http.get("/health").status()).isEqualTo(200);
        assertThat(http.post("/workflows/asking/execute", Map.of()).status()).isEqualTo(201);
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeAll(others);
        assertThat(threads).hasSizeLessThan(MAX_THREADS);
    }

    private void closeServlet() {
        long used = processorNanos();
        long begun = System.nanoTime();
        servlet.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("less than it waits for clients")
                .isLessThan(CLOSING_TIME);
        // What other processes take from this one does not count.
        assertThat(Duration.ofNanos(processorNanos() - used)).isLessThan(Duration.ofSeconds(2));
    }

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    @Test
    @DisplayName(
            "1,000 idle streams hold no thread, and closing the servlet ends them all within 2 seconds of processor time")
    void idleStreamsHoldNoThread() throws Exception {
        stream(waiting("asking"), MANY);
        assertServes();

        closeServlet();
        assertThat(server.clients()).isZero();
        for (RawClient client : clients) {
            RawClient.Answer head = client.readHead();
            String last = "";
            for (String line = client.bodyLine(head); line != null; line = client.bodyLine(head)) {
                last = line.startsWith("data:") ? line : last;
            }
            assertThat(last).contains("human_interaction_required");
        }
    }

    @Test
    @DisplayName("1,000 streams that are not read hold no thread")
    void stalledStreamsHoldNoThread() throws Exception {
        Execution large = waiting("large");
        stream(large, MANY);
        assertServes();
        assertThat(server.clients()).as("they are still there").isEqualTo(MANY);
    }

    @Test
    @DisplayName(
            "1,000 WebSockets hold no thread, and closing the servlet tells them all within 2 seconds of processor time")
    void webSocketsHoldNoThread() throws Exception {
        for (int i = 0; i < MANY; i++) {
            clients.add(RawClient.open(server.port()));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> server.clients() == MANY);
        assertServes();

        closeServlet();
        for (RawClient client : clients) {
            assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(1001);
        }
    }
}
