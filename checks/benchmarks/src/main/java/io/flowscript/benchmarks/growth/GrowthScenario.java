package io.flowscript.benchmarks.growth;

import io.flowscript.benchmarks.load.Settings;
import io.flowscript.benchmarks.report.Chart;
import io.flowscript.benchmarks.report.Report;
import io.flowscript.benchmarks.report.Results;
import io.flowscript.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Curves: what one unit costs when there are few and when there are many. */
public final class GrowthScenario {

    private static final List<Curve> CURVES = List.of(
            new EventsCurve(), new ExecutionsCurve(), new ClientsCurve(), new WorkflowsCurve(), new StateCurve());

    /** A quick run ends with sizes that are smaller by this factor. */
    private static final int QUICK = 100;

    private GrowthScenario() {}

    /**
     * Measures, and publishes the section {@code growth}.
     *
     * @param settings {@code rounds} for each size, {@code warmup} runs of the smallest size, {@code of} curves, separated by commas
     * @throws Exception if it cannot be run
     */
    public static void run(Settings settings) throws Exception {
        int rounds = settings.number("rounds", 3, 1);
        List<String> names = List.of(
                settings.text("of", "events,executions,clients,workflows,state").split(","));
        Report report = new Report("growth");
        report.add(Report.machine() + ". Medians of " + rounds + (rounds == 1 ? " run" : " runs")
                + " of each size, in one process, with the lowest and the highest. The last row is by what a figure is multiplied "
                + "when there is ten times as much, at the end of the curve: with 1, each costs the same.");
        for (Curve curve : CURVES) {
            if (names.contains(curve.name())) {
                int largest =
                        settings.isQuick() ? Math.max(10 * curve.smallest(), curve.largest() / QUICK) : curve.largest();
                add(curve, measure(curve, largest, rounds, settings.number("warmup", 10, 1)), report);
            }
        }
        report.publish(settings);
    }

    private static Results measure(Curve curve, int largest, int rounds, int warmUp) throws Exception {
        for (int i = 0; i < warmUp; i++) {
            double[] unused = curve.measure(Math.min(largest, 10 * curve.smallest()));
        }
        Results results = new Results();
        for (int size = curve.smallest(); size <= largest; size *= 10) {
            for (int round = 0; round < rounds; round++) {
                double[] figures = curve.measure(size);
                for (int i = 0; i < figures.length; i++) {
                    results.add(String.valueOf(size), curve.columns().get(i), figures[i]);
                }
            }
            System.out.println("  " + size + " " + curve.title());
        }
        return results;
    }

    private static void add(Curve curve, Results results, Report report) {
        List<String> header = new ArrayList<>(curve.columns());
        header.add(0, curve.title());
        Table table = new Table(header.toArray(String[]::new));
        Chart chart = new Chart("Growth: " + curve.title(), curve.columns());
        for (String size : results.rows()) {
            List<String> cells = new ArrayList<>();
            cells.add(String.format(Locale.ROOT, "%,d", Integer.parseInt(size)));
            curve.columns().forEach(column -> cells.add(results.range(size, column)));
            table.row(cells.toArray(String[]::new));
            chart.row(
                    size,
                    curve.columns().stream()
                            .mapToDouble(column -> results.median(size, column))
                            .toArray());
        }
        List<String> factors = new ArrayList<>(List.of("× 10"));
        curve.columns().forEach(column -> factors.add(String.format(Locale.ROOT, "× %.2f", factor(results, column))));
        table.row(factors.toArray(String[]::new));
        report.add(table.markdown())
                .picture("growth-" + curve.name(), "Growth: " + curve.title(), chart.lines(curve.title()));
    }

    /** Returns by what a figure is multiplied from the last size but one to the last, which is ten times as large. */
    static double factor(Results results, String column) {
        List<String> sizes = List.copyOf(results.rows());
        return results.median(sizes.get(sizes.size() - 1), column)
                / results.median(sizes.get(sizes.size() - 2), column);
    }
}
