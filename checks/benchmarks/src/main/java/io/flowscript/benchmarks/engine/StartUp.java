package io.flowscript.benchmarks.engine;

import io.flowscript.benchmarks.load.Samples;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A new process that builds an engine and runs its first executions, with and without an archive of the classes (AppCDS). This class is also the main
 * class of that process.
 */
public final class StartUp {

    private static final int FIRST = 1_000;
    private static final int NODES = 10;

    private StartUp() {}

    /**
     * Starts processes and prints their times.
     *
     * @param rounds how many processes of each kind, in turn
     * @throws Exception if one cannot be started
     */
    public static void run(int rounds) throws Exception {
        Path folder = Files.createTempDirectory("flowscript-start");
        Path archive = folder.resolve("classes.jsa");
        try {
            double[] unused = start("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
            List<double[]> without = new ArrayList<>();
            List<double[]> with = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                without.add(start("-Xshare:auto"));
                with.add(start("-XX:SharedArchiveFile=" + archive));
            }
            System.out.println(
                    "ms in a new process: until the engine is built, of which building; and its first executions");
            print("as it is", without);
            print("with an archive of its classes", with);
        } finally {
            Files.deleteIfExists(archive);
            Files.delete(folder);
        }
    }

    private static void print(String how, List<double[]> found) {
        System.out.printf(
                Locale.ROOT,
                "  %-32s built %s   of which %s   the first ten executions %s   the first %,d %s%n",
                how,
                Samples.range(column(found, 0)),
                Samples.range(column(found, 1)),
                Samples.range(column(found, 2)),
                FIRST,
                Samples.range(column(found, 3)));
    }

    private static double[] column(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).toArray();
    }

    private static double[] start(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StartUp.class.getName()));
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String built = out.readLine();
            long now = System.nanoTime();
            String ran = out.readLine();
            if (built == null || ran == null || process.waitFor() != 0) {
                throw new IOException("The process did not start an engine");
            }
            String[] times = ran.split(" ");
            return new double[] {
                (now - begun) / 1e6,
                Long.parseLong(built) / 1e6,
                Long.parseLong(times[0]) / 1e6,
                Long.parseLong(times[1]) / 1e6
            };
        }
    }

    /**
     * Builds an engine, prints how long that took in nanoseconds, runs executions, and prints how long that took.
     *
     * @param arguments none
     * @throws Exception if an execution does not end
     */
    public static void main(String[] arguments) throws Exception {
        long begun = System.nanoTime();
        FlowScript flows = FlowScript.builder()
                .retention(new Retention(10_000, 1L << 20, Duration.ZERO))
                .node("nothing", context -> Edge.of("done"))
                .workflow(WorkflowDefinition.of(Map.of("id", "chain", "nodes", Collections.nCopies(NODES, "nothing"))))
                .build();
        try (flows) {
            long built = System.nanoTime();
            System.out.println(built - begun);
            long ten = 0;
            for (int i = 1; i <= FIRST; i++) {
                Object unused = flows.start("chain", Map.of()).result().get(1, TimeUnit.MINUTES);
                if (i == 10) {
                    ten = System.nanoTime() - built;
                }
            }
            System.out.println(ten + " " + (System.nanoTime() - built));
        }
    }
}
