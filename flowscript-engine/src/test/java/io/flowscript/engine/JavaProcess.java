package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a process of its own. */
final class JavaProcess {

    private JavaProcess() {}

    /**
     * Runs a main class to its end.
     *
     * @param main has a main method
     * @param limitSeconds the process has to have ended so many seconds after its last output
     * @param options the options of the virtual machine
     * @return what it printed
     */
    static String run(Class<?> main, int limitSeconds, String... options) throws IOException, InterruptedException {
        String modules = System.getProperty("jdk.module.path", "");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(System.getProperty("java.class.path") + File.pathSeparator + modules);
        command.add(main.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(limitSeconds, TimeUnit.SECONDS)).isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
