package io.flowscript.benchmarks.load;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process of the load program, as the scenario sees it: each request and each response is one line. It ends with
 * the scenario.
 */
final class Peer implements AutoCloseable {

    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    /** A process that may use all cores. */
    static final int ANY_CORE = -1;

    /**
     * Starts a process with the {@code -XX} options of this one.
     *
     * @param core the core to bind it to, if the machine supports that; or {@link #ANY_CORE}
     * @param heap its heap, such as {@code 2g}; initial and maximum size are equal, so that garbage collection costs
     *     the same in each round
     */
    Peer(int core, String heap, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (core != ANY_CORE && isOnPath("taskset") && Runtime.getRuntime().availableProcessors() > 1) {
            command.addAll(List.of("taskset", "-c", String.valueOf(core)));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms" + heap, "-Xmx" + heap));
        command.addAll(optionsOfThisProcess());
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                "io.flowscript.benchmarks.BenchmarksMain"));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** {@return the choices of compilers and of the collector, which hold for all processes of a run} */
    private static List<String> optionsOfThisProcess() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:"))
                .toList();
    }

    long ask(String line) throws IOException {
        return Long.parseLong(tell(line).split(" ")[1]);
    }

    String tell(String line) throws IOException {
        begin(line);
        return read();
    }

    /** Lets a client process read on until the next line. Each is answered only then. */
    void watch() throws IOException {
        begin("watch");
    }

    /** As {@link #tell}, for a client process that watches, which it does again afterwards. */
    String tellWatching(String line) throws IOException {
        begin(line);
        read();
        String answer = read();
        watch();
        return answer;
    }

    private void begin(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    /** Returns the next line of output. */
    String read() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("A process of the load program ended too early");
        }
        return line;
    }

    /** Ends the process. {@return its last lines of output} */
    String[] end() throws IOException {
        in.write("end\n");
        in.flush();
        String last = out.readLine();
        close();
        return last == null ? new String[0] : last.split(" ");
    }

    @Override
    public void close() throws IOException {
        try (in) {
            in.write("end\n");
            in.flush();
        } catch (IOException gone) {
            // the process has already ended
        }
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
