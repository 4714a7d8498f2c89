package io.flowscript.examples.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A script of src/test/js in a process of its own, with a time limit. */
final class NodeScript {

    static final Path FOLDER = Path.of("src", "test", "js");

    private static final Path OUTPUT = Path.of("target", "clients");
    private static final long TIME_LIMIT_SECONDS = 120;

    private NodeScript() {}

    /** Skips the test where Node.js or the scripts' packages are missing; on CI that is a failure. */
    static void require() {
        require(find("node").isPresent(), "Node.js: \"node\" is not on the PATH");
        require(
                Files.isDirectory(FOLDER.resolve("node_modules")),
                "the packages of the scripts: run \"npm ci\" in flowscript-examples/src/test/js");
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

    /** {@return what the script printed, if it ended with 0; otherwise the test fails with what it printed} */
    static String run(String name, String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(find("node").orElseThrow().toString(), script));
        command.addAll(Arrays.asList(arguments));
        try {
            Path output = Files.createDirectories(OUTPUT).resolve(name + ".txt").toAbsolutePath();
            Process process = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = end(process);
            String printed = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                fail("%s %s\n%s", String.join(" ", command), ended ? "failed" : "did not end in time", printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean end(Process process) {
        try {
            return process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Optional<Path> find(String... names) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> Arrays.stream(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
