package io.flowscript.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.engine.Execution;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("The demo shows its metrics to Prometheus")
class MetricsOfTheDemoTest {

    @Test
    @DisplayName("each line is one of the format, and what has happened is there")
    void scrape() throws Exception {
        try (ExampleServer server = ExampleServer.start(new ServerOptions(0, null))) {
            Execution game = server.flows().start("guessing-game", Map.of(), "game");
            Awaitility.await().until(() -> !game.interactions().isEmpty());
            server.flows().interactions().answer(game.interactions().get(0).token(), "none", AnswerOptions.NONE);

            HttpResponse<String> scrape = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(scrape.statusCode()).isEqualTo(200);
            assertThat(scrape.body().lines())
                    .allMatch(line -> line.matches("# (HELP|TYPE) .+|flowscript_[a-z_]+(\\{[^}]*})? \\S+"))
                    .contains(
                            "flowscript_executions_started_total{workflow=\"guessing-game\"} 1.0",
                            "flowscript_executions{status=\"paused\"} 1.0",
                            "flowscript_interactions{age=\"1h\"} 1.0",
                            "flowscript_answers_seconds_count{receipt=\"validation_failed\"} 1",
                            "flowscript_store_available 1.0");
        }
    }
}
