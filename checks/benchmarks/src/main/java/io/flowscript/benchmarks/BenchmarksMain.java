package io.flowscript.benchmarks;

import io.flowscript.benchmarks.load.Scenarios;
import java.util.Arrays;

/**
 * Runs a benchmark: {@code java -jar flowscript-benchmarks.jar WHAT [key=value ...]}. Without arguments it prints
 * what is available.
 */
public final class BenchmarksMain {

    private BenchmarksMain() {}

    /**
     * Runs a benchmark.
     *
     * @param arguments the benchmark and its settings
     * @throws Exception if it cannot be run
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("jmh")) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else {
            Scenarios.main(arguments);
        }
    }
}
