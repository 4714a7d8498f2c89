package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One of several processes with an engine on one database. It reads requests from its input, a line each: a number, what to do,
 * and parameters. It writes a line with the number and the result for each. A listener in it hears all events, and it says so
 * when one is missing or comes twice.
 */
final class ClusterProcess {

    private final FlowScript flows;
    private final PrintStream out;
    private final Map<String, Long> heard = new ConcurrentHashMap<>();

    private ClusterProcess(String url, Duration lease, PrintStream out) {
        this.out = out;
        this.flows = FlowScript.builder()
                .store(JdbcStore.openShared(url, lease))
                .node("work", ClusterProcess::work)
                .node("ask", ClusterProcess::ask)
                .workflow(WorkflowDefinition.of(
                        Map.of("id", "w", "nodes", List.of("work", "ask", "work", "ask", "work"))))
                .build();
        flows.executions().listen(this::heard);
    }

    static Process start(String url, Duration lease, Path log) throws IOException {
        String modules = System.getProperty("jdk.module.path", "");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path") + File.pathSeparator + modules,
                        ClusterProcess.class.getName(),
                        url,
                        lease.toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static Outcome work(ExecutionContext context) {
        int works = context.state().get("works").orElse(0).asInt();
        context.runtime().emit("worked", Map.of("works", works + 1));
        context.state().set("works", works + 1);
        return Edge.of("ok");
    }

    private static Outcome ask(ExecutionContext context) {
        if (context.answer() == null) {
            return Question.open().ask("?");
        }
        String given = context.state().get("given").orElse("").asString();
        context.state().set("given", given + context.answer().data() + ";");
        return Edge.of("ok");
    }

    private void heard(RecordedEvent event) {
        heard.compute(event.executionId(), (id, last) -> {
            if (last != null && event.seq() != last + 1) {
                say("0 violation " + id + " heard " + event.seq() + " after " + last);
            }
            return event.seq();
        });
    }

    private synchronized void say(String line) {
        out.println(line);
        out.flush();
    }

    private String perform(String[] request) {
        try {
            return switch (request[1]) {
                case "start" -> flows.start("w", Map.of(), request[2]).id();
                case "read" -> read(request[2], Long.parseLong(request[3]));
                case "question" -> question(request[2]);
                case "answer" -> answer(request[2], request[3], request[4]);
                case "cancel" -> Boolean.toString(find(request[2]).cancel("no", null));
                case "state" ->
                    find(request[2]).state("works").orElse(0).asInt() + " "
                            + find(request[2]).state("given").orElse("").asString();
                case "debug" ->
                    find(request[2]).status() + " loaded " + flows.executions().isLoaded(request[2]) + " seq "
                            + find(request[2]).snapshot().seq() + " " + question(request[2]);
                default -> "error unknown";
            };
        } catch (FlowScriptException e) {
            return "error " + e.code();
        }
    }

    private Execution find(String id) {
        return flows.executions()
                .find(id)
                .orElseThrow(() -> new FlowScriptException("execution_not_found", "There is no execution " + id));
    }

    /** Numbers and digests of events after one. */
    private String read(String id, long after) {
        StringBuilder events = new StringBuilder("events");
        Execution execution = find(id);
        for (RecordedEvent event :
                execution.events().read(Position.after(execution.events().epoch(), after), 1_000)) {
            events.append(' ')
                    .append(event.seq())
                    .append(':')
                    .append(Integer.toHexString(event.toString().hashCode()))
                    .append(':')
                    .append(event.type());
        }
        return events.toString();
    }

    private String question(String id) {
        Execution execution = find(id);
        List<Interaction> open = execution.interactions();
        return open.isEmpty()
                ? "none " + execution.status()
                : "open " + open.get(0).token().tokenId();
    }

    private String answer(String id, String tokenId, String key) {
        return flows.interactions()
                .answer(new PauseToken(id, "", tokenId), key, new AnswerOptions(Identity.of("ann"), key, null))
                .code();
    }

    public static void main(String[] args) throws IOException {
        ClusterProcess process = new ClusterProcess(args[0], Duration.parse(args[1]), System.out);
        ExecutorService requests = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        process.say("0 ready");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] request = line.split(" ");
                requests.execute(() -> process.say(request[0] + " " + process.perform(request)));
            }
        }
        process.flows.close();
        process.say("0 closed");
    }
}
