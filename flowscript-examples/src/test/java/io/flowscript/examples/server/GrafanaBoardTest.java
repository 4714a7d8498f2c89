package io.flowscript.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.json.Value;
import io.flowscript.engine.Execution;
import io.flowscript.json.codec.JsonReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisplayName("The board for Grafana shows the metrics that there are")
class GrafanaBoardTest {

    private static final Path DOCS = Path.of("..", "docs");

    /** A metric in a query, and in a line of a scrape. */
    private static final Pattern SERIES = Pattern.compile("\\bflowscript_[a-z_]+");

    private Value board;

    @TempDir
    Path data;

    @BeforeEach
    void read() throws Exception {
        board = Value.of(new JsonReader(32).read(Files.readString(DOCS.resolve("grafana/flowscript.json"))));
    }

    private Stream<Value> panels() {
        return board.get("panels").asList().stream();
    }

    private Stream<Value> graphs() {
        return panels().filter(panel -> !panel.get("type").asString().equals("row"));
    }

    private Set<String> shown() {
        return graphs().flatMap(panel -> panel.get("targets").asList().stream())
                .flatMap(target ->
                        SERIES.matcher(target.get("expr").asString()).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @Tag("slow")
    @DisplayName("each metric of each query is on a scrape of the demo after a run")
    void onAScrape() throws Exception {
        String url = "jdbc:sqlite:" + data.resolve("demo.db");
        try (ExampleServer server = ExampleServer.start(new ServerOptions(0, null, url, false, true))) {
            use(server);
            String here = "http://localhost:" + server.port() + "/metrics";
            Set<String> scraped = new TreeSet<>();
            Awaitility.await().untilAsserted(() -> {
                HttpResponse<String> scrape = HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(URI.create(here)).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(scrape.statusCode()).isEqualTo(200);
                scraped.clear();
                scrape.body()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .forEach(line -> SERIES.matcher(line)
                                .results()
                                .map(MatchResult::group)
                                .findFirst()
                                .ifPresent(scraped::add));
                assertThat(scraped).containsAll(shown());
            });
        }
    }

    /** Runs a workflow, follows it, is refused once, and leaves. */
    private static void use(ExampleServer server) throws Exception {
        WebSocket client = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + server.port() + "/ws"), new WebSocket.Listener() {})
                .get(20, TimeUnit.SECONDS);
        for (String execution : List.of("game", "none")) {
            client.sendText("{\"type\":\"subscribe\",\"data\":{\"executionId\":\"" + execution + "\"}}", true)
                    .get(20, TimeUnit.SECONDS);
        }
        Execution game = server.flows().start("guessing-game", Map.of(), "game");
        Awaitility.await().until(() -> !game.interactions().isEmpty());
        server.flows().interactions().answer(game.interactions().get(0).token(), "none", AnswerOptions.NONE);
        game.cancel("enough", null);
        client.sendText("{\"type\":\"cancel\",\"data\":{\"executionId\":\"none\"}}", true)
                .get(20, TimeUnit.SECONDS);
        client.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("each metric of docs/operations.md is on the board")
    void complete() throws Exception {
        Set<String> documented = Pattern.compile("^\\| `(flowscript\\.[a-z.]+)` \\| [a-z]+ \\|", Pattern.MULTILINE)
                .matcher(Files.readString(DOCS.resolve("operations.md")))
                .results()
                .map(row -> row.group(1).replace('.', '_'))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).hasSizeGreaterThan(40);
        Set<String> onTheBoard = shown();
        assertThat(documented)
                .allSatisfy(name -> assertThat(onTheBoard)
                        .as(name)
                        .anyMatch(series -> series.matches(name + "(_seconds|_bytes)?(_total|_bucket|_sum|_count)?")));
    }

    @Test
    @DisplayName("it is a whole board: a variable for the data source, rows, and panels that do not overlap")
    void whole() {
        assertThat(board.get("schemaVersion").asInt()).isGreaterThanOrEqualTo(38);
        assertThat(board.get("templating").get("list").asList().stream()
                        .filter(variable -> variable.get("type").asString().equals("datasource"))
                        .map(variable -> variable.get("name").asString()))
                .containsExactly("datasource");
        assertThat(graphs()).allSatisfy(panel -> {
            assertThat(panel.get("datasource").get("uid").asString()).isEqualTo("${datasource}");
            assertThat(panel.get("targets").asList())
                    .isNotEmpty()
                    .allSatisfy(
                            target -> assertThat(target.get("expr").asString()).contains("{instance=~\"$instance\"}"));
        });
        assertThat(panels().filter(panel -> panel.get("type").asString().equals("row"))
                        .map(row -> row.get("title").asString()))
                .containsExactly("Traffic", "Delivery", "Executions", "People", "Store", "Refusals");
        assertThat(panels().map(panel -> panel.get("id").asInt())).doesNotHaveDuplicates();
        Set<String> cells = new TreeSet<>();
        panels().map(panel -> panel.get("gridPos")).forEach(place -> {
            int x = place.get("x").asInt();
            int y = place.get("y").asInt();
            assertThat(x + place.get("w").asInt()).isLessThanOrEqualTo(24);
            for (int row = y; row < y + place.get("h").asInt(); row++) {
                for (int column = x; column < x + place.get("w").asInt(); column++) {
                    assertThat(cells.add(column + "/" + row))
                            .as("%s is free", place)
                            .isTrue();
                }
            }
        });
    }
}
