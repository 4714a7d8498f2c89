package io.flowscript.benchmarks.peers;

import io.flowscript.benchmarks.load.Settings;
import io.flowscript.benchmarks.report.Chart;
import io.flowscript.benchmarks.report.Report;
import io.flowscript.benchmarks.report.Results;
import io.flowscript.benchmarks.report.Table;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The section of the page that {@link PeersScenario} writes. */
final class PeersReport {

    static final String P50 = "p50, ms";
    static final String P99 = "p99, ms";
    static final String PACED_CPU = "µs of CPU, paced";
    static final String MEMORY = "KB, idle";
    static final String HEAP = "KB of live heap, idle";

    private final Results results;
    private final Settings settings;
    private final String machine = Report.machine();

    PeersReport(Results results, Settings settings) {
        this.results = results;
        this.settings = settings;
    }

    /** The steady rate has time of its own, so a few rounds are enough. */
    static int pacedRounds(int rounds) {
        return Math.min(3, rounds);
    }

    static String rate(int clients) {
        return "thousand events/s to " + clients;
    }

    static String cpu(int clients) {
        return "µs of CPU, burst to " + clients;
    }

    /** Prints what is measured so far of some figures. */
    void print(String... columns) {
        for (String row : results.rows()) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %-20s", row));
            for (String column : columns) {
                line.append("  ").append(column).append(' ').append(results.range(row, column));
            }
            System.out.println(line);
        }
    }

    void publish(Selection selection, Set<String> versions, int rounds) throws IOException {
        Report report = new Report("peers");
        report.add(String.join(", ", versions) + ". " + machine
                + ". Each row is one server process on a core of its own, and the "
                + "client has another; what is compared took turns in each round. Medians of " + rounds + " rounds, of "
                + pacedRounds(rounds) + " for the steady rate, with the lowest and the highest. "
                + selection.leftOut());
        report.add(bursts()).add(rest());
        report.picture("bursts", "Bursts: thousand events delivered in a second", rates())
                .picture("ages", "A steady rate: how old events are", ages())
                .picture("memory", "Memory of an idle connection", memory());
        report.publish(settings);
    }

    private String bursts() {
        Table table = new Table(
                "bursts, thousand events delivered a second, and µs of CPU for each",
                "1 client",
                "µs",
                "100 clients",
                "µs",
                "1,000 clients",
                "µs");
        for (String row : results.rows()) {
            table.row(
                    row,
                    results.range(row, rate(1)),
                    results.middle(row, cpu(1)),
                    results.range(row, rate(100)),
                    results.middle(row, cpu(100)),
                    results.range(row, rate(1_000)),
                    results.middle(row, cpu(1_000)));
        }
        return table.markdown();
    }

    private String rest() {
        Table table = new Table(
                settings.number("rate", 100) + " events a second to " + settings.number("clients", 100, 10)
                        + " clients, and idle connections",
                "age p50, ms",
                "age p99, ms",
                "µs of CPU for each delivery",
                "KB for an idle connection",
                "of it live heap");
        for (String row : results.rows()) {
            table.row(
                    row,
                    results.range(row, P50),
                    results.range(row, P99),
                    results.range(row, PACED_CPU),
                    results.middle(row, MEMORY),
                    results.middle(row, HEAP));
        }
        return table.markdown();
    }

    private String rates() {
        Chart chart = new Chart(
                "Bursts: events delivered in a second (powers of ten)",
                List.of("1 client", "100 clients", "1,000 clients"));
        results.rows()
                .forEach(row -> chart.row(
                        row,
                        1_000 * results.median(row, rate(1)),
                        1_000 * results.median(row, rate(100)),
                        1_000 * results.median(row, rate(1_000))));
        return chart.bars(true);
    }

    private String ages() {
        Chart chart = new Chart("A steady rate: age of events on arrival, ms", List.of("p50", "p99"));
        results.rows().forEach(row -> chart.row(row, results.median(row, P50), results.median(row, P99)));
        return chart.bars(false);
    }

    private String memory() {
        Chart chart = new Chart("Memory of an idle connection, KB", List.of("in all", "live heap"));
        results.rows().forEach(row -> chart.row(row, results.median(row, MEMORY), results.median(row, HEAP)));
        return chart.bars(false);
    }
}
