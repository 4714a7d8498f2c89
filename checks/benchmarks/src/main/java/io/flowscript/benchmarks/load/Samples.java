package io.flowscript.benchmarks.load;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Samples of one quantity. For one thread. */
public final class Samples {

    private long[] values = new long[1 << 10];
    private int count;

    /** Creates an object without samples. */
    public Samples() {}

    /**
     * Adds a sample.
     *
     * @param value the sample
     */
    public void add(long value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    /** {@return the number of samples} */
    public int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    /**
     * Returns a quantile.
     *
     * @param share from 0 to 1
     * @return the value below which that share of the samples lies; 0 if there are none
     */
    public long quantile(double share) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1L, (long) (share * count))];
    }

    /**
     * {@return the median, minimum and maximum, for people}
     *
     * @param figures at least one
     */
    public static String range(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median(sorted), sorted[0], sorted[sorted.length - 1]);
    }

    /** Returns the mean, minimum and maximum, for people. */
    static String mean(double... figures) {
        DoubleSummaryStatistics all = DoubleStream.of(figures).summaryStatistics();
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", all.getAverage(), all.getMin(), all.getMax());
    }

    /**
     * {@return the median}
     *
     * @param figures at least one
     */
    public static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
