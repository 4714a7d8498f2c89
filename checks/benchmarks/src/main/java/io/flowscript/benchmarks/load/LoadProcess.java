package io.flowscript.benchmarks.load;

import io.flowscript.benchmarks.BenchmarksMain;
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
import org.jspecify.annotations.Nullable;

/**
 * A process of the load program, as the scenario sees it: each request and each answer is one line. It ends with the scenario. What else the
 * process prints, such as messages of its JVM, goes to the standard error.
 */
public final class LoadProcess implements AutoCloseable {

    /** The sign of a line that is an answer. */
    private static final String ANSWER = "= ";

    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    /** For a process that may use all cores. */
    public static final int ANY_CORE = -1;

    /**
     * Starts a process.
     *
     * @param core the core to bind it to, if the machine supports that; or {@link #ANY_CORE}
     * @param command the program and its arguments
     * @throws IOException if it cannot be started
     */
    public LoadProcess(int core, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>();
        if (core != ANY_CORE && isOnPath("taskset") && Runtime.getRuntime().availableProcessors() > 1) {
            whole.addAll(List.of("taskset", "-c", String.valueOf(core)));
        }
        whole.addAll(command);
        process = new ProcessBuilder(whole)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts a process of this program, with a heap such as {@code 2g}. */
    LoadProcess(int core, String heap, String... arguments) throws IOException {
        this(core, javaCommand(heap, System.getProperty("java.class.path"), BenchmarksMain.class.getName(), arguments));
    }

    /**
     * {@return the client process, on a core of its own}
     *
     * @throws IOException if it cannot be started
     */
    public static LoadProcess client() throws IOException {
        return new LoadProcess(1, "2g", "client");
    }

    /**
     * Returns the command of a Java process with the {@code -XX} options of this one.
     *
     * @param heap its heap, such as {@code 2g}; initial and maximum size are equal, so that garbage collection costs
     *     the same in each round
     * @param classPath its class path
     * @param main its main class
     * @param arguments those of the main class
     * @return the command
     */
    public static List<String> javaCommand(String heap, String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms" + heap, "-Xmx" + heap));
        command.addAll(optionsOfThisProcess());
        command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** {@return the choices of compilers and of the collector, which hold for all processes of a run} */
    private static List<String> optionsOfThisProcess() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:"))
                .toList();
    }

    /**
     * Answers the scenario. For the process itself.
     *
     * @param line the answer, without a line break
     */
    public static void answer(String line) {
        System.out.println(ANSWER + line);
    }

    /**
     * Sends a request whose answer is a name and a number.
     *
     * @param line the request
     * @return the number
     * @throws IOException if the process has ended
     */
    public long ask(String line) throws IOException {
        return Long.parseLong(tell(line).split(" ")[1]);
    }

    /**
     * Sends a request.
     *
     * @param line the request
     * @return the answer
     * @throws IOException if the process has ended
     */
    public String tell(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
        return read();
    }

    /**
     * {@return the next answer}
     *
     * @throws IOException if the process has ended
     */
    public String read() throws IOException {
        String answer = next();
        if (answer == null) {
            throw new IOException("A process of the load program ended too early");
        }
        return answer;
    }

    /** {@return the next answer; null if the process has ended} */
    private @Nullable String next() throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(ANSWER)) {
                return line.substring(ANSWER.length());
            }
            System.err.println(line);
        }
        return null;
    }

    /** Ends the process. {@return the words of its last answer; none if it ended without one} */
    String[] end() throws IOException {
        in.write("end\n");
        in.flush();
        String last = next();
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

    /**
     * {@return whether there is a program of that name}
     *
     * @param program the name
     */
    public static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
