package io.flowscript.benchmarks;

import io.flowscript.benchmarks.load.Scenarios;
import java.util.Arrays;

/** {@code java -jar flowscript-benchmarks.jar WHAT [key=value ...]}; without anything it says what there is. */
public final class BenchmarksMain {

    private BenchmarksMain() {}

    /**
     * Measures.
     *
     * @param arguments what, and its settings
     * @throws Exception when it cannot be measured
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("jmh")) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else {
            Scenarios.main(arguments);
        }
    }
}
