package io.flowscript.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A script in a process of Node.js, which reads lines and writes lines. One thread reads at a time; any thread writes.
 */
public final class NodeProcess implements AutoCloseable {

    static final long TIME_LIMIT_SECONDS = 120;

    /** The first one takes two thirds of the processor's time: it has no windows that nobody sees. */
    private static final String[] BROWSERS = {"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"
    };

    private final Process process;
    private final Writer input;
    private final BufferedReader output;

    private NodeProcess(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Skips the test where Node.js 20 or the scripts' packages are missing; on CI that is a failure.
     *
     * @param folder the folder that has the packages, such as that of the module
     */
    public static void require(Path folder) {
        Programs.require(Programs.find("node").isPresent(), "Node.js: \"node\" is not on the PATH");
        int version = Integer.parseInt(
                run(folder, "-p", "process.versions.node.split('.')[0]").strip());
        Programs.require(version >= 20, "Node.js 20 or newer, not " + version);
        Programs.require(
                Files.isDirectory(folder.resolve("node_modules")),
                "the packages of the scripts: run \"npm ci\" in " + folder.toAbsolutePath());
    }

    /**
     * Skips the test also where there is no Chromium; on CI that is a failure.
     *
     * @param folder the folder that has the packages
     */
    public static void requireBrowser(Path folder) {
        require(folder);
        Programs.require(
                Programs.find(BROWSERS).isPresent(),
                "a browser: none of " + String.join(", ", BROWSERS) + " is on the PATH");
    }

    /**
     * Starts a script. Its environment has the path of the machine's Chromium in {@code CHROMIUM}, if there is one.
     *
     * @param folder the folder in which it runs
     * @param arguments the script and its arguments
     * @return the process; close it
     */
    public static NodeProcess start(Path folder, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Programs.find("node").orElseThrow().toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            ProcessBuilder node = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectErrorStream(true);
            Programs.find(BROWSERS).ifPresent(browser -> node.environment().put("CHROMIUM", browser.toString()));
            return new NodeProcess(node.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a script to its end, for two minutes at most.
     *
     * @param folder the folder in which it runs
     * @param arguments the script and its arguments
     * @return what it printed, when it ended with 0; otherwise the test fails with what it printed
     */
    public static String run(Path folder, String... arguments) {
        try (NodeProcess node = start(folder, arguments)) {
            node.input.close();
            Thread limit = new Thread(node::killLate, "node-time-limit");
            limit.setDaemon(true);
            limit.start();
            String printed = node.output.lines().collect(Collectors.joining("\n"));
            assertThat(node.process.waitFor()).as(printed).isZero();
            limit.interrupt();
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void killLate() {
        try {
            if (!process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a line. */
    public void say(String line) {
        try {
            synchronized (input) {
                input.write(line + "\n");
                input.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the next line; empty at the end} */
    public Optional<String> read() {
        try {
            return Optional.ofNullable(output.readLine());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
