package io.flowscript.benchmarks.compare;

import io.flowscript.benchmarks.report.Results;
import io.flowscript.benchmarks.report.Table;
import java.util.Map;

/** By what the figures of the second build differ from those of the first, for each pair of runs. For one thread. */
final class Ratios {

    private static final String FIRST = "a";
    private static final String SECOND = "b";
    private static final String RATIO = "b of a";

    private final Results results = new Results();

    /** Adds a pair of runs of one scenario. Figures that only one of them has, or that are 0, have no ratio. */
    void add(Map<String, Double> first, Map<String, Double> second) {
        first.forEach((name, value) -> {
            Double other = second.get(name);
            if (other != null) {
                results.add(name, FIRST, value);
                results.add(name, SECOND, other);
                if (value != 0) {
                    results.add(name, RATIO, other / value);
                }
            }
        });
    }

    /** {@return the medians of both, and the median of the ratios with the lowest and the highest} */
    String markdown() {
        Table table = new Table("", FIRST, SECOND, RATIO);
        for (String name : results.rows()) {
            table.row(name, results.middle(name, FIRST), results.middle(name, SECOND), results.range(name, RATIO));
        }
        return table.markdown();
    }
}
