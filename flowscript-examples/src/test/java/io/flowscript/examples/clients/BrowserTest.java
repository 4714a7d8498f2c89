package io.flowscript.examples.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.Execution;
import io.flowscript.examples.server.ExampleServer;
import io.flowscript.examples.server.ServerOptions;
import io.flowscript.testkit.fault.Fault;
import io.flowscript.testkit.fault.FaultPlan;
import io.flowscript.testkit.fault.FaultyProxy;
import io.flowscript.testsupport.NodeProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("A page of the server's own origin works with the browser's WebSocket, one of another origin is refused")
@Tag("slow")
class BrowserTest {

    private static final Path SCRIPTS = Path.of("src", "test", "js");

    private static final Path SCREENSHOT = Path.of("target", "clients", "browser.png");

    private static ExampleServer server;
    private static String url;

    @BeforeAll
    static void start() {
        server = ExampleServer.start(new ServerOptions(0, Path.of("src", "test", "resources", "test-workflows")));
        url = "http://127.0.0.1:" + server.port();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Before each test and not before all, so that each is counted as skipped. */
    @BeforeEach
    void needs() {
        NodeProcess.requireBrowser(SCRIPTS);
    }

    @Test
    void aPersonAnswersInAPageOfTheSameOrigin() {
        NodeProcess.run(
                SCRIPTS,
                "browser.mjs",
                "same-origin",
                url,
                SCREENSHOT.toAbsolutePath().toString());
        assertThat(SCREENSHOT).isNotEmptyFile();
    }

    @Test
    @DisplayName("F31: a page of another origin gets no WebSocket and starts nothing")
    void aPageOfAnotherOriginIsRefused() {
        NodeProcess.run(SCRIPTS, "browser.mjs", "cross-origin", url);
    }

    @Test
    @DisplayName(
            "I2: the browser's EventSource, cut again and again, sees each event once, by Last-Event-ID, and stops at 204")
    void anEventSourceIsTakenUpWhereItStood() throws Exception {
        Execution run = server.flows().start("five-hundred-steps", Map.of());
        run.result().get(20, TimeUnit.SECONDS);
        FaultPlan plan = FaultPlan.CALM
                .with(Fault.END, 40)
                .with(Fault.RESET, 40)
                .with(Fault.TRUNCATE, 40)
                .after(20_000, 80_000);
        try (FaultyProxy proxy = FaultyProxy.start(plan, 1, server.port())) {
            NodeProcess.run(
                    SCRIPTS,
                    "browser.mjs",
                    "event-source",
                    "http://127.0.0.1:" + proxy.port(),
                    run.id(),
                    String.valueOf(run.events().latest()));
            assertThat(proxy.struck()).as(proxy.toString()).isNotEmpty();
        }
    }
}
