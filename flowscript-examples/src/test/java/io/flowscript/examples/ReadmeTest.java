package io.flowscript.examples;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.client.FlowScriptClient;
import io.flowscript.client.RemoteExecution;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.Workflows;
import io.flowscript.store.jdbc.JdbcStore;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README's examples, compiled and run. The last test compares the README with this file. */
class ReadmeTest {

    private static final DocExamples README = new DocExamples("README.md");

    @TempDir
    Path directory;

    @Test
    void embedding() throws Exception {
        Path file = directory.resolve("order.json");
        Files.writeString(file, README.blocks("json").get(0));

        String printed = printedBy(() -> {
            // README: Path.of("order.json")
            try (FlowScript flows = FlowScript.builder()
                    .node(
                            "charge",
                            context -> Edge.of(
                                    "paid",
                                    Map.of("receipt", "R-" + context.state().get("amount"))))
                    .workflow(Workflows.read(file))
                    .build()) {
                Execution run = flows.start("order", Map.of("amount", 250));
                run.listen(event -> System.out.println(event.seq() + " " + event.type()));
                System.out.println(run.result().get(1, MINUTES).state());
                Awaitility.await().until(() -> run.events().isEnded());
            }
        });

        assertThat(printed).contains("checked=true").contains("amount=250");
    }

    @Test
    void peopleInTheLoop() throws Exception {
        Object schema = Map.of(
                "type", "object",
                "properties", Map.of("decision", Map.of("enum", List.of("approved", "rejected"))),
                "required", List.of("decision"));
        NamedNode review = Node.named("review")
                .edges("approved", "rejected")
                .ask(context -> Question.form(schema)
                        .showing(Map.of("amount", context.state().get("amount").raw()))
                        .within(Duration.ofDays(2)))
                .answered((context, answer) -> answer.timedOut()
                        ? Edge.of("rejected")
                        : Edge.of(answer.get("decision").asString()));

        try (FlowScript flows = FlowScript.builder()
                .node(review)
                .workflow(Workflow.named("expense").step("review").build())
                .build()) {
            Execution run = flows.start("expense", Map.of("amount", 250));
            Awaitility.await().until(() -> !run.interactions().isEmpty());
            Interaction question = run.interactions().get(0);

            for (int i = 0; i < 2; i++) {
                String printed = printedBy(() -> {
                    Receipt receipt = flows.interactions()
                            .answer(
                                    question.token(),
                                    Map.of("decision", "approved"),
                                    AnswerOptions.by(Identity.of("ada")));
                    if (receipt instanceof Receipt.AlreadyResolved late) {
                        System.out.println("Answered already by " + late.by() + " at " + late.at());
                    }
                });
                assertThat(printed.contains("Answered already by")).isEqualTo(i == 1);
            }
            assertThat(run.result().get(1, MINUTES).isCompleted()).isTrue();
        }
    }

    @Test
    void survivingARestart() throws Exception {
        Path database = directory.resolve("data").resolve("flowscript.db");
        NamedNode review =
                Node.named("review").ask(context -> Question.open()).answered((context, answer) -> Edge.of("done"));
        String id;
        try (FlowScript flows = FlowScript.builder()
                .store(JdbcStore.open(database))
                .node(review)
                .workflow(Workflow.named("expense").step("review").build())
                .build()) {
            Execution run = flows.start("expense", Map.of());
            Awaitility.await().until(() -> run.status() == ExecutionStatus.PAUSED);
            id = run.id();
        }
        String printed = printedBy(() -> {
            // README: Path.of("data", "flowscript.db")
            try (FlowScript flows = FlowScript.builder()
                    .store(JdbcStore.open(database))
                    .node(review)
                    .workflow(Workflow.named("expense").step("review").build())
                    .build()) {
                for (Execution run : flows.executions().list("expense", ExecutionStatus.PAUSED, null, 100)) {
                    System.out.println(
                            run.id() + " waits for " + run.interactions().get(0).nodeName());
                }
            }
        });
        assertThat(printed).contains(id + " waits for review");
    }

    @Test
    void serving() throws Exception {
        int free = 0;
        try (FlowScript flows = FlowScript.builder().build()) {
            FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
            // README: port(3013)
            try (FlowScriptWebSocketServer server =
                    FlowScriptWebSocketServer.builder(bridge).port(free).start()) {
                System.out.println("ws://localhost:" + server.port() + "/ws");
                HttpResponse<String> health = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/health"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(health.statusCode()).isEqualTo(200);
            }
            bridge.close();
        }
    }

    @Test
    void following() throws Exception {
        try (FlowScript flows = FlowScript.builder()
                .workflow(Workflows.read(README.blocks("json").get(0).replace("\"charge\",", "")))
                .build()) {
            FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
            try (FlowScriptWebSocketServer server =
                    FlowScriptWebSocketServer.builder(bridge).start()) {
                URI address = server.uri();
                String printed = printedBy(() -> {
                    // README: URI.create("http://localhost:3013")
                    try (FlowScriptClient client =
                            FlowScriptClient.builder(address).build()) {
                        RemoteExecution run =
                                client.execute("order", Map.of("amount", 250)).join();
                        run.events().forEach(event -> System.out.println(event));
                        System.out.println(run.result(Duration.ofMinutes(1)).state());
                    }
                });
                assertThat(printed).contains("amount=250");
            }
            bridge.close();
        }
    }

    static List<String> javaBlocks() throws Exception {
        return README.blocks("java");
    }

    @ParameterizedTest
    @MethodSource("javaBlocks")
    void everyJavaExampleOfTheReadmeIsInThisFile(String block) throws Exception {
        DocExamples.assertIsIn(
                ReadmeTest.class,
                block.replace("Path.of(\"order.json\")", "file")
                        .replace("Path.of(\"data\", \"flowscript.db\")", "database")
                        .replace("URI.create(\"http://localhost:3013\")", "address")
                        .replace("port(3013)", "port(free)"));
    }

    private static String printedBy(Action action) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setOut(before);
        }
        return captured.toString(StandardCharsets.UTF_8);
    }

    private interface Action {
        void run() throws Exception;
    }
}
