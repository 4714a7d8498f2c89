package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.examples.server.ExampleServer;
import io.flowscript.examples.server.ServerOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo server and its terminal client, as a person at a terminal uses them. */
@Tag("integration")
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
    void theGameKeepsItsNumberToItself() {
        Shown shown = run("1\n".repeat(10), "run", "guessing-game");

        assertThat(shown.status).isZero();
        assertThat(shown.text).contains("completed").doesNotContain("secret");
        assertThat(shown.text.substring(0, shown.text.indexOf("? formInput")))
                .as("what is shown before the first question")
                .doesNotContain("$.");
    }

    @Test
    void theNumberOfEachGameIsAnother() {
        Set<String> outcomes = new HashSet<>();
        for (int game = 0; game < 20; game++) {
            outcomes.add(run("50\n".repeat(10), "run", "guessing-game", "--quiet")
                    .text
                    .replaceAll("(?s).*?50 is (too \\w+|right).*", "$1"));
        }
        assertThat(outcomes).hasSizeGreaterThan(1);
    }

    @Test
    void quietShowsOnlyTheQuestionsAndTheEnd() {
        Shown shown = run("30\n42\n", "run", "guessing-game", "--quiet", "--input", "{\"secret\": 42}");

        assertThat(shown.status).isZero();
        assertThat(shown.text)
                .contains("Guess 1 of 10", "30 is too low.", "found after 2 guesses")
                .doesNotContain("started", "watching", "compareGuess", "waits", "resumed");
    }

    @Test
    void whoAnswersCanBeSaid() throws Exception {
        Execution run = server.flows().start("expense-approval", Map.of("employee", "Ada", "amount", 500));
        Awaitility.await().until(() -> !run.interactions().isEmpty());

        assertThat(run("", "answer", run.id(), "{\"decision\": \"rejected\"}", "--user", "Jörg & Co").text)
                .contains("The answer was accepted.");
        run.result().get(10, TimeUnit.SECONDS);
        assertThat(run("", "watch", run.id()).text).contains("answered by Jörg & Co");
        assertThat(run("", "list", "--user", "n".repeat(300)).status).isEqualTo(2);
    }

    @Test
    void workflowsThatAreNoGoodAreReportedAndTheOthersServed(@TempDir Path mixed) throws Exception {
        Files.writeString(
                mixed.resolve("a-good.json"), "{\"id\": \"good\", \"nodes\": [{\"setFlag\": {\"flag\": \"x\"}}]}");
        Files.writeString(mixed.resolve("b-broken.json"), "{\"id\": \"broken\", ");
        Files.writeString(mixed.resolve("c-unknown.json"), "{\"id\": \"unknown\", \"nodes\": [\"noSuchNode\"]}");
        Files.writeString(
                mixed.resolve("d-twice.json"), "{\"id\": \"good\", \"nodes\": [{\"setFlag\": {\"flag\": \"y\"}}]}");
        Files.writeString(mixed.resolve("e-nameless.json"), "{\"nodes\": []}");
        try (ExampleServer started = ExampleServer.start(new ServerOptions(0, mixed))) {
            assertThat(started.flows().workflows())
                    .extracting(WorkflowDefinition::id)
                    .contains("good", "expense-approval")
                    .doesNotContain("broken", "unknown");
            assertThat(started.refused())
                    .hasSize(4)
                    .anySatisfy(text -> assertThat(text).contains("b-broken.json"))
                    .anySatisfy(text -> assertThat(text).contains("c-unknown.json", "noSuchNode"))
                    .anySatisfy(text -> assertThat(text).contains("d-twice.json", "a-good.json"))
                    .anySatisfy(text -> assertThat(text).contains("e-nameless.json", "id"));
            Execution run = started.flows().start("good", Map.of());
            assertThat(run.result().get(10, TimeUnit.SECONDS).get("x").raw()).isEqualTo(true);
        }
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
