package io.flowscript.benchmarks.report;

import io.flowscript.benchmarks.load.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/** The figures of several rounds: some for each row and column. Rows are in the order in which they came. For one thread. */
public final class Results {

    private final Map<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();

    /** Begins without figures. */
    public Results() {}

    /**
     * Adds the figure of a round.
     *
     * @param row what was measured
     * @param column which figure of it
     * @param value the figure
     */
    public void add(String row, String column, double value) {
        rows.computeIfAbsent(row, name -> new LinkedHashMap<>())
                .computeIfAbsent(column, name -> new ArrayList<>())
                .add(value);
    }

    /** {@return the rows} */
    public Set<String> rows() {
        return rows.keySet();
    }

    /**
     * {@return the columns that a row has}
     *
     * @param row the row
     */
    public Set<String> columns(String row) {
        return rows.getOrDefault(row, Map.of()).keySet();
    }

    /**
     * {@return the figures, one for each round}
     *
     * @param row the row
     * @param column the column
     */
    public double[] of(String row, String column) {
        return rows.getOrDefault(row, Map.of()).getOrDefault(column, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /**
     * {@return the median of the rounds; not a number if there are none}
     *
     * @param row the row
     * @param column the column
     */
    public double median(String row, String column) {
        double[] figures = of(row, column);
        return figures.length == 0 ? Double.NaN : Samples.median(figures);
    }

    /**
     * {@return the median, for people; a dash if there is none}
     *
     * @param row the row
     * @param column the column
     */
    public String middle(String row, String column) {
        return text(median(row, column));
    }

    /**
     * {@return the median, and the lowest and the highest figure, for people; a dash if there are none}
     *
     * @param row the row
     * @param column the column
     */
    public String range(String row, String column) {
        double[] figures = of(row, column);
        if (figures.length < 2) {
            return middle(row, column);
        }
        return text(Samples.median(figures)) + " ("
                + text(DoubleStream.of(figures).min().orElseThrow()) + " to "
                + text(DoubleStream.of(figures).max().orElseThrow()) + ")";
    }

    /**
     * {@return a figure with three digits that matter, and commas}
     *
     * @param value the figure
     */
    public static String text(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
