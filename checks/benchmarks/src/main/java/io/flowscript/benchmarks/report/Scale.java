package io.flowscript.benchmarks.report;

import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * An axis.
 *
 * @param low where it begins
 * @param high where it ends
 * @param isLog whether equal steps are equal ratios
 */
record Scale(double low, double high, boolean isLog) {

    /** An axis in powers of ten for values of which those that count are above 0. */
    static Scale log(DoubleStream values) {
        double[] positive = values.filter(value -> value > 0).toArray();
        double least = DoubleStream.of(positive).min().orElse(1);
        double most = DoubleStream.of(positive).max().orElse(1);
        double low = Math.pow(10, Math.floor(Math.log10(least)));
        return new Scale(low, Math.max(10 * low, Math.pow(10, Math.ceil(Math.log10(most)))), true);
    }

    /** An axis from 0 on. */
    static Scale linear(DoubleStream values) {
        double most = values.filter(value -> value > 0).max().orElse(1);
        double step = Math.pow(10, Math.floor(Math.log10(most)));
        return new Scale(0, step * Math.ceil(most / step), false);
    }

    /** Returns where a value lies, from 0 to 1. */
    double at(double value) {
        double share =
                isLog ? Math.log10(Math.max(value, low) / low) / Math.log10(high / low) : (value - low) / (high - low);
        return Math.max(0, Math.min(1, share));
    }

    /** Returns the values to mark. */
    double[] ticks() {
        if (isLog) {
            int decades = (int) Math.round(Math.log10(high / low));
            return DoubleStream.iterate(low, value -> value * 10)
                    .limit(decades + 1L)
                    .toArray();
        }
        return DoubleStream.iterate(0, value -> value + high / 5).limit(6).toArray();
    }

    /** Returns a value in few characters. */
    static String brief(double value) {
        String unit = value >= 1e6 ? "M" : value >= 1e3 ? "k" : "";
        double shown = value >= 1e6 ? value / 1e6 : value >= 1e3 ? value / 1e3 : value;
        String digits = String.format(
                Locale.ROOT, "%." + (shown >= 100 ? 0 : shown >= 10 ? 1 : shown >= 0.1 ? 2 : 3) + "f", shown);
        return (digits.contains(".") ? digits.replaceAll("\\.?0+$", "") : digits) + unit;
    }
}
