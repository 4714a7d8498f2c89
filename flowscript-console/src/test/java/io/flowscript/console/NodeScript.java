package io.flowscript.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A script in a process of Node.js, which reads lines and writes lines. */
final class NodeScript implements AutoCloseable {

    private final Process process;
    private final Writer input;
    private final BufferedReader output;

    private NodeScript(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Skips the test where Node.js 20 or the scripts' packages are missing; on CI that is a failure. */
    static void require() {
        require(find("node").isPresent(), "Node.js: \"node\" is not on the PATH");
        require(
                Files.isDirectory(Path.of("node_modules")),
                "the packages of the scripts: run \"npm ci\" in flowscript-console");
    }

    /** Skips the test where there is no Chromium; on CI that is a failure. */
    static void requireBrowser() {
        require();
        require(
                find("chromium", "chromium-browser", "google-chrome").isPresent(),
                "a browser: none of chromium, chromium-browser, google-chrome is on the PATH");
    }

    private static void require(boolean there, String what) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).describedAs("CI needs " + what).isTrue();
        }
        assumeTrue(there, "This test needs " + what);
    }

    static NodeScript start(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(find("node").orElseThrow().toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            return new NodeScript(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a script to its end; when it ends with anything but 0, the test fails with what it printed. */
    static void run(String... arguments) throws InterruptedException {
        try (NodeScript script = start(arguments)) {
            String printed = script.output.lines().collect(Collectors.joining("\n"));
            assertThat(script.process.waitFor()).as(printed).isZero();
        }
    }

    void say(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    /** {@return the next line; empty at the end} */
    Optional<String> read() throws IOException {
        return Optional.ofNullable(output.readLine());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static Optional<Path> find(String... names) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> Arrays.stream(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
