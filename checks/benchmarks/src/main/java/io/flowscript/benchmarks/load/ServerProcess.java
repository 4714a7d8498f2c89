package io.flowscript.benchmarks.load;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The server process: a {@link LoadServer} that carries out the lines of its input and answers each with a line. */
public final class ServerProcess {

    private ServerProcess() {}

    static void main(List<String> arguments) throws Exception {
        String kind = arguments.get(0);
        Settings settings = Settings.of(arguments.subList(1, arguments.size()));
        serve(server(kind, settings));
    }

    /**
     * Carries out the commands of the input until it ends, and then closes the server.
     *
     * @param served the server
     * @throws Exception if a command fails
     */
    public static void serve(LoadServer served) throws Exception {
        try (LoadServer server = served;
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            LoadProcess.answer("port " + server.port());
            for (String line = commands.readLine(); line != null && !line.equals("end"); line = commands.readLine()) {
                LoadProcess.answer(answer(server, line.split(" ")));
            }
        }
        LoadProcess.answer("threads " + threads());
    }

    private static LoadServer server(String kind, Settings settings) throws Exception {
        return switch (kind) {
            case "flowscript" -> new FlowServer(settings);
            case "durable" -> new DurableServer(settings);
            default -> new RawServer(kind.equals("raw"), settings.number("live", 0));
        };
    }

    private static String answer(LoadServer server, String... command) throws Exception {
        return switch (command[0]) {
            case "burst" -> "begun " + server.burst(Integer.parseInt(command[1]));
            case "pace" -> {
                server.pace(Integer.parseInt(command[1]), Duration.ofMillis(Long.parseLong(command[2])));
                yield "begun " + System.nanoTime();
            }
            case "cancel-waiting" -> {
                server.cancelWaiting();
                yield "cancelled";
            }
            case "disturb" -> {
                server.disturb();
                yield "disturbed";
            }
            case "calm" -> {
                server.calm();
                yield "calm";
            }
            case "emitted" -> "emitted " + server.emitted() + " " + System.nanoTime();
            case "latest" -> "latest " + server.latest();
            case "cpu" -> "cpu " + Machine.cpu();
            case "allocated" -> "allocated " + Machine.allocated();
            case "collecting" -> "collecting " + Machine.collecting();
            case "finish" -> {
                server.finish();
                yield "finished";
            }
            case "heap" -> "heap " + Machine.heap();
            case "about" -> "about " + server.about();
            case "peak" -> "peak " + Machine.status("VmHWM");
            case "rss" -> "rss " + Machine.resident();
            case "classes" -> "classes " + Machine.classes();
            case "gauges" -> "gauges " + server.gauges();
            default -> throw new IllegalArgumentException("There is no command " + command[0]);
        };
    }

    /** Returns threads that should have ended: all but this one and the JVM's own. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread != Thread.currentThread()
                        && thread.getThreadGroup() != null
                        && !thread.getThreadGroup().getName().equals("system"))
                .map(Thread::getName)
                .toList();
    }
}
