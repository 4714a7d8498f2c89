package io.flowscript.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot.Phase;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.Workflows;
import io.flowscript.language.nodes.HttpRequestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
        "The workflow of the language page that needs no Java: a price over HTTP, retries, an approval above a limit")
class JsonAloneTest {

    private final AtomicInteger requests = new AtomicInteger();
    private final ManualClock clock = new ManualClock();
    private HttpServer server;
    private int failures;
    private String price = "";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
        server.createContext("/items/desk", exchange -> {
            boolean fails = requests.incrementAndGet() <= failures;
            byte[] body = ("{\"price\":" + price + "}").getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(fails ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private FlowScript engine() throws IOException {
        String host = "localhost:" + server.getAddress().getPort();
        String page = Files.readString(Path.of("../docs/workflow-language.md"));
        Matcher json = Pattern.compile("```json\\s(\\{\\s+\"id\": \"purchase\".*?)```", Pattern.DOTALL)
                .matcher(page);
        assertThat(json.find()).isTrue();
        return FlowScript.builder()
                .clock(clock)
                .node("httpRequest", HttpRequestNode.toHosts(host))
                .workflow(Workflows.read(json.group(1).replace("https://prices.example.com", "http://" + host)))
                .build();
    }

    private void passRetry(Execution run, int failedAttempt) {
        await().until(() -> {
            Visit visit = run.snapshot().visit();
            return visit != null && visit.phase() == Phase.RETRYING && visit.attempt() == failedAttempt;
        });
        clock.advance(Duration.ofSeconds(8));
    }

    private static ExecutionResult end(Execution run) throws Exception {
        return run.result().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aPriceAboveTheLimitIsApproved() throws Exception {
        failures = 2;
        price = "700.5";
        try (FlowScript flows = engine()) {
            Execution run = flows.start("purchase", Map.of("item", "desk"));
            passRetry(run, 1);
            passRetry(run, 2);
            await().until(() -> run.interactions().size() == 1);
            assertThat(run.interactions().get(0).question().uiHints()).isEqualTo(Map.of("title", "desk for 700.5"));
            flows.interactions()
                    .answer(
                            run.interactions().get(0).token(),
                            Map.of("decision", "approved", "comment", "needed"),
                            AnswerOptions.by(new Identity("ann", java.util.Set.of("managers"))));

            assertThat(end(run).isCompleted()).isTrue();
            assertThat(end(run).get("approval.decision").raw()).isEqualTo("approved");
            assertThat(end(run).get("approval.by").raw()).isEqualTo("ann");
            assertThat(requests).hasValue(3);
        }
    }

    @Test
    void aPriceWithinTheLimitNeedsNobody() throws Exception {
        price = "20";
        try (FlowScript flows = engine()) {
            Execution run = flows.start("purchase", Map.of("item", "desk"));

            assertThat(end(run).isCompleted()).isTrue();
            assertThat(end(run).get("approval.decision").raw()).isEqualTo("approved");
            assertThat(end(run).get("approval.by").isMissing()).isTrue();
        }
    }

    @Test
    void aPriceThatCannotBeReadEndsTheWorkflow() throws Exception {
        failures = 4;
        price = "20";
        try (FlowScript flows = engine()) {
            Execution run = flows.start("purchase", Map.of("item", "desk"));
            passRetry(run, 1);
            passRetry(run, 2);
            passRetry(run, 3);

            assertThat(end(run).exitSignal()).isEqualTo("explicit_exit");
            assertThat(end(run).get("offer").isMissing()).isTrue();
            assertThat(end(run).get("failure").raw())
                    .isEqualTo("no price for desk: The server answered with status 503");
        }
    }
}
