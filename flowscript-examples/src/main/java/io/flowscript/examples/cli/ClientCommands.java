package io.flowscript.examples.cli;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The commands of the terminal client. */
public final class ClientCommands {

    private static final Set<String> LAST = Set.of("workflow_completed", "workflow_failed", "workflow_cancelled");

    private final HttpClient http;
    private final ClientOptions options;
    private final ServerApi api;
    private final FormPrompt prompt;
    private final EventPrinter printer;
    private final PrintStream out;

    private ClientCommands(HttpClient http, ClientOptions options, InputStream in, PrintStream out) {
        this.http = http;
        this.options = options;
        this.api = new ServerApi(http, options);
        this.prompt = new FormPrompt(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), out);
        this.printer = new EventPrinter(out, isTerminal() && System.getenv("NO_COLOR") == null, options.quiet());
        this.out = out;
    }

    /**
     * Runs a command.
     *
     * @param command {@code watch}, {@code run}, {@code answer} or {@code list}
     * @param args its arguments
     * @param in the input that the person types
     * @param out the output for the person
     * @return 0 on success, 1 if the execution did not complete or the answer was refused
     * @throws FlowScriptException with a message for people if the command cannot be run
     */
    public static int run(String command, List<String> args, InputStream in, PrintStream out) {
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
        ClientCommands commands = new ClientCommands(http, ClientOptions.parse(args), in, out);
        try {
            return switch (command) {
                case "watch" -> commands.follow(commands.options.word(0, "the id of an execution"), false);
                case "run" -> commands.start();
                case "answer" -> commands.answer();
                case "list" -> commands.list();
                default -> throw new FlowScriptException("unknown_command", "There is no command " + command);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private int start() throws InterruptedException {
        String workflow = options.word(0, "the id of a workflow");
        Map<String, Object> body = new LinkedHashMap<>();
        String input = options.option("input");
        if (input != null) {
            body.put("input", ServerApi.parse(input, "--input").asMap());
        }
        Value started = api.post("/workflows/" + ServerApi.segment(workflow) + "/execute", body);
        String executionId = started.get("executionId").asString();
        out.println("execution " + executionId);
        return follow(executionId, true);
    }

    private int follow(String executionId, boolean answering) throws InterruptedException {
        try (EventStream stream = new EventStream(http, options, executionId, 0)) {
            Value question = null;
            long history = 0;
            while (true) {
                Value message = stream.next();
                printer.print(message);
                history = message.get("data.latest").orElse(history).asLong();
                String type = message.get("type").asString();
                String code = message.get("data.code").orElse("").toString();
                if (LAST.contains(type)) {
                    return type.equals("workflow_completed") ? 0 : 1;
                }
                if (type.equals("error") && code.endsWith("_not_found")) {
                    return 1;
                }
                if (type.equals("human_interaction_required")) {
                    question = message.get("data");
                    if (message.get("seq").asLong() >= history) { // else it is a question of the past
                        answer(stream, executionId, question, answering);
                    }
                } else if (type.equals("resume_error") && code.equals("validation_failed") && question != null) {
                    answer(stream, executionId, question, answering);
                }
            }
        }
    }

    private void answer(EventStream stream, String executionId, Value question, boolean answering) {
        Optional<Value> answer = answering ? prompt.fill(question.get("nodeInfo")) : Optional.empty();
        if (answer.isEmpty()) {
            out.println("        to answer: answer " + executionId);
            return;
        }
        stream.send("resume", resume(executionId, question.get("tokenId").asString(), answer.get()));
    }

    private int answer() throws InterruptedException {
        String executionId = options.word(0, "the id of an execution");
        try (EventStream stream = new EventStream(http, options, executionId, "latest")) {
            while (true) {
                Value message = stream.next();
                Value data = message.get("data");
                switch (message.get("type").asString()) {
                    case "execution_status" -> {
                        Optional<Value> question = openQuestion(data);
                        if (question.isEmpty()) {
                            out.println("No interaction is open in execution " + executionId + ", which is "
                                    + data.get("status"));
                            return 1;
                        }
                        Optional<Value> answer = options.words().size() > 1
                                ? Optional.of(FormPrompt.read(options.words().get(1)))
                                : prompt.fill(question.get().get("nodeInfo"));
                        if (answer.isEmpty()) {
                            return 1;
                        }
                        stream.send(
                                "resume",
                                resume(
                                        executionId,
                                        question.get().get("tokenId").asString(),
                                        answer.get()));
                    }
                    case "resume_success" -> {
                        out.println("The answer was accepted.");
                        return 0;
                    }
                    case "resume_error", "error" -> {
                        out.println(EventPrinter.problem(data));
                        return 1;
                    }
                    default -> {}
                }
            }
        }
    }

    private Optional<Value> openQuestion(Value status) {
        String node = options.option("node");
        if (status.get("interactions").isNull()) {
            return Optional.empty();
        }
        return status.get("interactions").asList().stream()
                .filter(question ->
                        node == null || question.get("nodeId").toString().equals(node))
                .findFirst();
    }

    private int list() {
        out.println("workflows");
        api.get("/workflows")
                .get("workflows")
                .asList()
                .forEach(workflow -> out.println(
                        "  " + EventPrinter.printable(workflow.get("id") + "  -  " + workflow.get("name"))));
        out.println("executions");
        api.get("/executions")
                .get("executions")
                .asList()
                .forEach(execution -> out.println("  "
                        + EventPrinter.printable(execution.get("executionId") + "  " + execution.get("workflowId")
                                + "  " + execution.get("status"))));
        return 0;
    }

    /**
     * Whether the output goes to a terminal. JDK 22 and newer always return a console, unless a setting makes them
     * check for a terminal.
     */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }

    private static Map<String, @Nullable Object> resume(String executionId, String tokenId, Value answer) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", executionId);
        data.put("tokenId", tokenId);
        data.put("data", answer.raw());
        return data;
    }
}
