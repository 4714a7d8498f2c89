package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How old events are when they arrive, with and without a {@link Disturbance}. */
final class DisturbedScenario {

    private static final int WINDOW_MILLIS = 4_000;

    private DisturbedScenario() {}

    static void run(Settings settings) throws IOException {
        String by = settings.text("by", "blocked");
        int clients = settings.number("clients", 100);
        int rate = settings.number("rate", 100);
        int rounds = settings.number("rounds", 5);
        List<double[]> without = new ArrayList<>();
        List<double[]> with = new ArrayList<>();
        try (Scenarios.Pair pair = Scenarios.Pair.ofHeap(
                by.equals("memory") ? "512m" : "3g", "flowscript", "kept=100000", "disturbance=" + by)) {
            pair.open("all", clients, "v2", "checking");
            window(pair, rate); // to warm up
            for (int round = 0; round < rounds; round++) {
                without.add(window(pair, rate));
                pair.server().tell("disturb");
                with.add(window(pair, rate));
                pair.server().tell("calm");
            }
            System.out.println("problems: " + pair.client().tell("problems"));
            System.out.println(pair.server().tell("gauges"));
        }
        System.out.printf(Locale.ROOT, "disturbed by %s, %d clients, medians of %d%n", by, clients, rounds);
        Scenarios.compare("age at " + rate + " events/s, p50, us", without, with, 0);
        Scenarios.compare("age at " + rate + " events/s, p99, us", without, with, 1);
    }

    /** {@return the age of events at a steady rate: the median and the 99th percentile, in microseconds} */
    private static double[] window(Scenarios.Pair pair, int rate) throws IOException {
        pair.client().tell("ages");
        pair.server().tell("pace " + rate + " " + WINDOW_MILLIS);
        pair.client().tell("run all " + (WINDOW_MILLIS + 500) + " 0");
        String[] ages = pair.client().tell("ages").split(" ");
        return new double[] {Long.parseLong(ages[1]) / 1_000.0, Long.parseLong(ages[2]) / 1_000.0};
    }
}
