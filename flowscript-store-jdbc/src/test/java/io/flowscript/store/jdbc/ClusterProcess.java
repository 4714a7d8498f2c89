package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.testkit.crash.ClusterWorkflow;
import io.flowscript.testkit.crash.Observation;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
        this.flows = ClusterWorkflow.addTo(FlowScript.builder(), called -> {})
                .store(JdbcStore.openShared(url, lease))
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
        String id = request[2];
        try {
            return switch (request[1]) {
                case "start" -> start(id);
                case "read" -> read(id, Long.parseLong(request[3]));
                case "question" -> question(id);
                case "answer" -> answer(new PauseToken(id, request[3], request[4]), request[5], request[6]);
                case "cancel" -> cancel(id);
                case "state" -> json(find(id).snapshot().state());
                default -> "error unknown";
            };
        } catch (FlowScriptException e) {
            return "error " + e.code();
        }
    }

    private static String json(Object value) {
        return new String(JsonWriter.writeExact(value), StandardCharsets.UTF_8);
    }

    private String start(String id) {
        try {
            return flows.start(ClusterWorkflow.ID, Map.of(), id).id();
        } catch (FlowScriptException e) {
            if (e.code().equals("execution_exists")) {
                return id;
            }
            throw e;
        }
    }

    private Execution find(String id) {
        return flows.executions()
                .find(id)
                .orElseThrow(() -> new FlowScriptException("execution_not_found", "There is no execution " + id));
    }

    /** Events after one, as a JSON array. */
    private String read(String id, long after) {
        List<Object> events = new ArrayList<>();
        Execution execution = find(id);
        for (RecordedEvent recorded :
                execution.events().read(Position.after(execution.events().epoch(), after), 1_000)) {
            Map<String, Object> event = new HashMap<>();
            event.put("seq", recorded.seq());
            event.put("type", recorded.type().wireName());
            event.put("text", Observation.Seen.of("", recorded).event());
            if (recorded.event() instanceof HumanEvent asked) {
                event.put("node", asked.nodeId());
                event.put("token", asked.tokenId());
            }
            events.add(event);
        }
        return json(events);
    }

    private String question(String id) {
        List<Interaction> open = find(id).interactions();
        return open.isEmpty()
                ? "none"
                : open.get(0).token().nodeId() + " " + open.get(0).token().tokenId();
    }

    private String answer(PauseToken token, String by, String answer) {
        Receipt receipt = flows.interactions().answer(token, answer, new AnswerOptions(Identity.of(by), answer, null));
        return receipt instanceof Receipt.Accepted accepted ? receipt.code() + " " + accepted.at() : receipt.code();
    }

    private String cancel(String id) {
        Execution execution = find(id);
        // What a cancelled execution is by then cannot be read while the store is away.
        boolean isCancelled = execution.cancel("no", null) || execution.status() == ExecutionStatus.CANCELLED;
        return Boolean.toString(isCancelled);
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
