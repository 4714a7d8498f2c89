package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.engine.Execution;
import io.flowscript.examples.server.ExampleServer;
import io.flowscript.examples.server.ServerOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo server and its terminal client, as a person at a terminal uses them. */
class TerminalClientTest {

    private static ExampleServer server;

    @TempDir
    static Path definitions;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(
                definitions.resolve("hello.json"),
                "{\"id\": \"hello\", \"name\": \"Hello\", \"nodes\": [{\"setData\": {\"path\": \"$.greeting\", \"value\": \"hi {{name}}\"}}]}");
        server = ExampleServer.start(new ServerOptions(0, definitions));
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void runShowsEventsAndPutsTheWorkflowsQuestionsUntilTheGameIsWon() {
        Shown shown = run("30\n200\n42\n", "run", "guessing-game", "--input", "{\"secret\": 42}");

        assertThat(shown.status).isZero();
        assertThat(shown.text)
                .contains("started guessing-game", "30 is too low.", "at most 100", "found after 2 guesses");
    }

    @Test
    void workflowsOfTheApplicationsOwnDirectoryAreThere() {
        assertThat(run("", "list").text).contains("hello  -  Hello", "expense-approval");
        assertThat(run("", "run", "hello", "--input", "{\"name\": \"Ada\"}").text)
                .contains("\"greeting\":\"hi Ada\"");
    }

    @Test
    void answerTellsWhatIsWrongAndThenCounts() throws Exception {
        Execution run = server.flows().start("expense-approval", Map.of("employee", "Ada", "amount", 500));
        Awaitility.await().until(() -> !run.interactions().isEmpty());

        Shown wrong = run("", "answer", run.id(), "{\"decision\": \"perhaps\"}");
        assertThat(wrong.status).isEqualTo(1);
        assertThat(wrong.text).contains("$.decision", "approved");

        assertThat(run("rejected\n\n", "answer", run.id()).text).contains("The answer was accepted.");
        assertThat(run.result().get(10, TimeUnit.SECONDS).get("decision").asString())
                .isEqualTo("rejected by a person");
        assertThat(run("", "answer", run.id(), "{}").text).contains("No interaction is open");
        assertThat(run("", "watch", run.id()).text).contains("completed");
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        assertThat(run("", "watch", "x", "--colour", "red").text).contains("There is no option --colour");
        assertThat(run("", "run", "no-such-workflow").text).contains("no-such-workflow");
        assertThat(run("", "serve", "--port", "70000").text).contains("from 0 to 65535");
        assertThat(run("", "dance").text).contains("There is no command dance");
        assertThat(run("", "--help").text).contains("watch EXECUTION");
    }

    @Test
    @Timeout(15)
    void aServerThatIsNotThereIsToldAtOnce() {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

        assertThat(ExamplesMain.run(List.of("watch", "x", "--server", "http://localhost:1"), out, out))
                .isEqualTo(2);
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("No server answers at ws://localhost:1/ws");
    }

    private static Shown run(String typed, String... args) {
        InputStream before = System.in;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8)) {
            System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
            List<String> all = new java.util.ArrayList<>(List.of(args));
            if (!args[0].startsWith("-") && !args[0].equals("serve")) {
                all.addAll(List.of("--server", "http://localhost:" + server.port()));
            }
            int status = ExamplesMain.run(all, out, out);
            return new Shown(status, shown.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(before);
        }
    }

    private record Shown(int status, String text) {}
}
