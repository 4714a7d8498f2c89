package io.flowscript.benchmarks.load;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The server process: a {@link LoadServer} that carries out the lines of its input and answers each with a line. */
final class ServerProcess {

    private ServerProcess() {}

    static void main(List<String> arguments) throws Exception {
        String kind = arguments.get(0);
        Settings settings = Settings.of(arguments.subList(1, arguments.size()));
        try (LoadServer server = server(kind, settings);
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("port " + server.port());
            for (String line = commands.readLine(); line != null && !line.equals("end"); line = commands.readLine()) {
                System.out.println(answer(server, line.split(" ")));
            }
        }
        System.out.println("threads " + threads());
    }

    private static LoadServer server(String kind, Settings settings) throws Exception {
        return switch (kind) {
            case "flowscript" -> new FlowServer(settings);
            case "durable" -> new DurableServer(settings);
            default -> new RawServer(kind.equals("raw"));
        };
    }

    private static String answer(LoadServer server, String... command) throws Exception {
        return switch (command[0]) {
            case "burst" -> "begun " + server.burst(Integer.parseInt(command[1]));
            case "pace" -> {
                server.pace(Integer.parseInt(command[1]), Duration.ofMillis(Long.parseLong(command[2])));
                yield "begun " + System.nanoTime();
            }
            case "live" -> {
                server.live(Integer.parseInt(command[1]));
                yield "begun " + System.nanoTime();
            }
            case "start-waiting" -> {
                server.startWaiting(Integer.parseInt(command[1]));
                yield "waiting";
            }
            case "cancel-waiting" -> {
                server.cancelWaiting();
                yield "begun " + System.nanoTime();
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
            case "heap" -> "heap " + heap();
            case "peak" -> "peak " + Machine.status("VmHWM");
            case "resident" -> "resident " + Machine.resident();
            case "classes" -> "classes " + Machine.classes();
            case "gauges" -> "gauges " + server.gauges();
            default -> throw new IllegalArgumentException("There is no command " + command[0]);
        };
    }

    /** Returns the heap in use after a garbage collection. */
    private static long heap() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
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
