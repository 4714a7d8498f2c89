package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How old events are when they arrive, with and without nodes that block all threads for nodes. */
final class BlockedScenario {

    private static final int WINDOW_MILLIS = 4_000;

    private BlockedScenario() {}

    static void run(Settings settings) throws IOException {
        int blocked = settings.number("blocked", 300);
        int clients = settings.number("clients", 100);
        int rate = settings.number("rate", 100);
        int rounds = settings.number("rounds", 5);
        List<double[]> without = new ArrayList<>();
        List<double[]> with = new ArrayList<>();
        try (Scenarios.Pair pair = Scenarios.Pair.of("flowscript", "kept=100000")) {
            pair.open("all", clients, "v2", "checking");
            window(pair, rate); // to warm up
            for (int round = 0; round < rounds; round++) {
                pair.server().tell("block 0");
                without.add(window(pair, rate));
                pair.server().tell("block " + blocked);
                with.add(window(pair, rate));
            }
            pair.server().tell("block 0");
            System.out.println("problems: " + pair.client().tell("problems"));
        }
        System.out.printf(Locale.ROOT, "%,d blocked nodes, %d clients, medians of %d%n", blocked, clients, rounds);
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
