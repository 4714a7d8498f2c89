package io.flowscript.benchmarks.compare;

import io.flowscript.benchmarks.load.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the same scenarios of two builds in turn, on the same machine, and prints by what their figures differ. It does not judge. */
public final class CompareScenario {

    private static final String SCENARIOS = "executions count=20000;burst clients=100;paced seconds=2";

    private CompareScenario() {}

    /**
     * Compares two builds.
     *
     * @param settings {@code a} and {@code b}, each a jar or a commit, {@code b} is this program if it is not given; {@code rounds}; {@code run}:
     *     scenarios with their settings, separated by semicolons
     * @throws IOException if a build or a run fails
     */
    public static void run(Settings settings) throws IOException {
        String first = settings.text("a", "");
        String second = settings.text("b", System.getProperty("java.class.path"));
        if (first.isEmpty()) {
            throw new IllegalArgumentException("Say what to compare with: a=COMMIT or a=FILE.jar");
        }
        Path root = Path.of(settings.text("root", ".")).toAbsolutePath();
        int rounds = settings.number("rounds", 5, 1);
        Path scratch = Files.createTempDirectory("flowscript-compare");
        try {
            Path a = Build.of(first, root, scratch);
            Path b = Build.of(second, root, scratch);
            Map<String, Ratios> found = new LinkedHashMap<>();
            for (String scenario : settings.text("run", SCENARIOS).split(";")) {
                Ratios ratios = found.computeIfAbsent(scenario.strip(), name -> new Ratios());
                for (int round = 1; round <= rounds; round++) {
                    System.out.printf(Locale.ROOT, "%s, round %d of %d%n", scenario.strip(), round, rounds);
                    ratios.add(figures(a, scenario, root), figures(b, scenario, root));
                }
            }
            System.out.printf(Locale.ROOT, "%na is %s, b is %s; medians of %d rounds in turn%n", first, second, rounds);
            found.forEach(
                    (scenario, ratios) -> System.out.printf(Locale.ROOT, "%n%s%n%n%s", scenario, ratios.markdown()));
        } finally {
            delete(scratch);
        }
    }

    /** Runs a scenario once, with one round unless it says how many. */
    private static Map<String, Double> figures(Path jar, String scenario, Path root) throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
        command.addAll(List.of(scenario.strip().split("\\s+")));
        if (!scenario.contains("rounds=")) {
            command.add("rounds=1");
        }
        Map<String, Double> figures = Figures.of(Commands.run(root, command));
        if (figures.isEmpty()) {
            throw new IOException(
                    "The scenario \"" + scenario.strip() + "\" prints no figure with its lowest and highest value");
        }
        return figures;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
