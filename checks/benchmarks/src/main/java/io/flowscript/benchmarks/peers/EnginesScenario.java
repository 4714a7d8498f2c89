package io.flowscript.benchmarks.peers;

import io.flowscript.benchmarks.load.LoadProcess;
import io.flowscript.benchmarks.load.Settings;
import io.flowscript.benchmarks.report.Chart;
import io.flowscript.benchmarks.report.Report;
import io.flowscript.benchmarks.report.Results;
import io.flowscript.benchmarks.report.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Engines that run executions of ten nodes in a row, which do nothing, in turn. */
public final class EnginesScenario {

    private static final String RATE = "thousand executions/s";
    private static final String CPU = "µs of CPU";
    private static final String BYTES = "bytes allocated";

    private EnginesScenario() {}

    /**
     * Measures, and publishes the section {@code engines}.
     *
     * @param settings {@code rounds}, {@code warmup}, {@code count} of executions in a round, {@code with} names, separated by semicolons
     * @throws IOException if it cannot be run
     */
    public static void run(Settings settings) throws IOException {
        Selection selection = Selection.of(Contestant.ENGINES, settings);
        int rounds = settings.number("rounds", 5, 1);
        int count = settings.number("count", 20_000, 200);
        String machine = Report.machine();
        Results results = new Results();
        Map<Contestant, LoadProcess> running = new LinkedHashMap<>();
        List<String> versions = new ArrayList<>();
        try {
            for (Contestant one : selection.chosen()) {
                LoadProcess engine = one.start(selection.root(), false);
                running.put(one, engine);
                String about = engine.read().substring("ready".length()).strip();
                if (!about.isEmpty()) {
                    versions.add(about);
                }
            }
            for (int round = -settings.number("warmup", 3, 0); round < rounds; round++) {
                for (Map.Entry<Contestant, LoadProcess> one : running.entrySet()) {
                    String[] ran = one.getValue().tell("run " + count).split(" ");
                    if (round >= 0) {
                        String name = one.getKey().name();
                        results.add(name, RATE, count * 1e6 / Long.parseLong(ran[1]));
                        results.add(name, CPU, Long.parseLong(ran[2]) / 1e3 / count);
                        results.add(name, BYTES, Long.parseLong(ran[3]) / (double) count);
                    }
                }
            }
        } finally {
            for (LoadProcess engine : running.values()) {
                engine.close();
            }
        }
        Table table = new Table("executions of ten nodes", RATE, CPU, BYTES);
        Chart chart = new Chart("Executions of ten nodes in a second (powers of ten)", List.of("executions/s"));
        for (String row : results.rows()) {
            table.row(row, results.range(row, RATE), results.range(row, CPU), results.middle(row, BYTES));
            chart.row(row, 1_000 * results.median(row, RATE));
        }
        new Report("engines")
                .add(String.join(", ", versions) + ". " + machine + ". One core for each process. Medians of " + rounds
                        + " rounds in turn, with the lowest and the highest. " + selection.leftOut())
                .add(table.markdown())
                .picture("engines", "Executions of ten nodes in a second", chart.bars(true))
                .publish(settings);
    }
}
