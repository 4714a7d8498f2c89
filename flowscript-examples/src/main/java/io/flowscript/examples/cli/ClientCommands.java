package io.flowscript.examples.cli;

import io.flowscript.client.ClientEvent;
import io.flowscript.client.ClientException;
import io.flowscript.client.EventReader;
import io.flowscript.client.InboxFilter;
import io.flowscript.client.InboxItem;
import io.flowscript.client.RemoteExecution;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Receipt;
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
import org.jspecify.annotations.Nullable;

/** The commands of the terminal client. */
public final class ClientCommands {

    private final ClientOptions options;
    private final ServerApi api;
    private final FormPrompt prompt;
    private final EventPrinter printer;
    private final PrintStream out;

    private ClientCommands(HttpClient http, ClientOptions options, InputStream in, PrintStream out) {
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
        return switch (command) {
            case "watch" -> commands.watch();
            case "run" -> commands.start();
            case "answer" -> commands.answer();
            case "list" -> commands.list();
            default -> throw new FlowScriptException("unknown_command", "There is no command " + command);
        };
    }

    private int start() {
        String workflow = options.word(0, "the id of a workflow");
        String input = options.option("input");
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        if (input != null) {
            values.putAll(ServerApi.parse(input, "--input").asMap());
        }
        try (ServerConnection server = new ServerConnection(options)) {
            RemoteExecution execution = server.await(server.client().execute(workflow, values));
            out.println("execution " + execution.id());
            printer.watching(execution.id(), "running");
            return follow(server, execution, 0, true);
        }
    }

    private int watch() {
        String executionId = options.word(0, "the id of an execution");
        try (ServerConnection server = new ServerConnection(options)) {
            RemoteExecution execution = server.client().execution(executionId);
            server.await(server.client().interactions(InboxFilter.ALL.limit(1))); // is there a server?
            Optional<Value> status = status(executionId);
            printer.watching(
                    executionId,
                    status.map(known -> known.get("status").asString()).orElse("pending"));
            long history = status.map(ClientCommands::position).orElse(0L);
            return follow(server, execution, history, false);
        }
    }

    /** The status of an execution; empty when there is none yet. */
    private Optional<Value> status(String executionId) {
        try {
            return Optional.of(api.get("/executions/" + ServerApi.segment(executionId) + "/status"));
        } catch (FlowScriptException e) {
            if (e.code().equals("execution_not_found")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static long position(Value status) {
        String position = status.get("position").orElse("").asString();
        return position.isEmpty() ? 0 : Long.parseLong(position.substring(position.lastIndexOf(':') + 1));
    }

    /**
     * Shows the events of an execution until its end.
     *
     * @param history questions up to this number are of the past
     */
    private int follow(ServerConnection server, RemoteExecution execution, long history, boolean answering) {
        try (EventReader reader = execution.events().read(ServerConnection.FOREVER)) {
            while (reader.hasNext()) {
                ClientEvent next = reader.next();
                printer.print(next);
                if (next instanceof ClientEvent.Happened happened) {
                    Event event = happened.event();
                    if (event.isTerminal()) {
                        return event instanceof WorkflowEvent.Completed ? 0 : 1;
                    }
                    if (event instanceof HumanEvent.InputRequired question && happened.seq() >= history) {
                        answer(server, execution, question, answering);
                    }
                }
            }
            server.check();
            return 1;
        } catch (ClientException e) {
            server.check();
            printer.problem(e.getMessage());
            return 1;
        }
    }

    private void answer(
            ServerConnection server, RemoteExecution execution, HumanEvent.InputRequired question, boolean answering) {
        while (true) {
            Optional<Value> answer = answering ? prompt.fill(question.info()) : Optional.empty();
            if (answer.isEmpty()) {
                out.println("        to answer: answer " + execution.id());
                return;
            }
            Receipt receipt = server.await(
                    execution.answer(question.tokenId(), answer.get().raw()));
            if (receipt instanceof Receipt.Accepted) {
                return;
            }
            printer.problem(EventPrinter.refusal(receipt));
            if (!(receipt instanceof Receipt.Invalid)) {
                return;
            }
        }
    }

    private int answer() {
        String executionId = options.word(0, "the id of an execution");
        try (ServerConnection server = new ServerConnection(options)) {
            InboxFilter open = InboxFilter.ALL.executionId(executionId);
            Optional<InboxItem> question = server.await(server.client().interactions(open)).items().stream()
                    .filter(item -> options.option("node") == null
                            || item.token().nodeId().equals(options.option("node")))
                    .findFirst();
            if (question.isEmpty()) {
                out.println("No interaction is open in execution " + executionId + ", which is "
                        + status(executionId)
                                .map(known -> known.get("status").asString())
                                .orElse("not there"));
                return 1;
            }
            Optional<Value> answer = options.words().size() > 1
                    ? Optional.of(FormPrompt.read(options.words().get(1)))
                    : prompt.fill(question.get().info());
            if (answer.isEmpty()) {
                return 1;
            }
            Receipt receipt = server.await(
                    server.client().answer(question.get().token(), answer.get().raw()));
            boolean isAccepted = receipt instanceof Receipt.Accepted;
            out.println(isAccepted ? "The answer was accepted." : EventPrinter.refusal(receipt));
            return isAccepted ? 0 : 1;
        }
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
}
