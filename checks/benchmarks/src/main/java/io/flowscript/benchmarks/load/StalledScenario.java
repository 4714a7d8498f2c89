package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The cost of clients that do not read, for the execution that emits and for the clients that read. */
final class StalledScenario {

    private static final int WINDOW_MILLIS = 4_000;

    private StalledScenario() {}

    static void run(Settings settings) throws IOException {
        int stalled = settings.number("stalled", 1_000);
        int healthy = settings.number("healthy", 20);
        int rate = settings.number("rate", 1_000);
        int rounds = settings.number("rounds", 4);
        List<double[]> without = new ArrayList<>();
        List<double[]> with = new ArrayList<>();
        try (Scenarios.Pair pair = Scenarios.Pair.of("flowscript", "kept=100000")) {
            pair.open("healthy", healthy, "v2", "checking");
            window(pair, rate);
            for (int round = 0; round < rounds; round++) {
                without.add(window(pair, rate));
                pair.open("stalled" + round, stalled, "v2", "stalled");
                window(pair, rate); // until their sockets' buffers are full
                with.add(window(pair, rate));
                pair.client().tell("close stalled" + round);
                window(pair, rate);
            }
            System.out.println("problems of the healthy: " + pair.client().tell("problems"));
        }
        System.out.printf(
                Locale.ROOT, "%,d stalled clients, %d healthy ones, medians of %d%n", stalled, healthy, rounds);
        Scenarios.compare("emitted in all, M events/s", without, with, 0);
        Scenarios.compare("age at " + rate + " events/s, p50, us", without, with, 1);
        Scenarios.compare("age at " + rate + " events/s, p99, us", without, with, 2);
        Scenarios.compare("heap in use, MiB", without, with, 3);
    }

    /** {@return millions of events per second at full speed; the age of events at a steady rate; and the heap} */
    private static double[] window(Scenarios.Pair pair, int rate) throws IOException {
        long begun = pair.server().ask("pace 0 " + WINDOW_MILLIS);
        pair.client().tell("run healthy " + (WINDOW_MILLIS + 200) + " 0");
        String[] emitted = pair.server().tell("emitted").split(" ");
        double speed = Double.parseDouble(emitted[1]) / WINDOW_MILLIS / 1_000;
        long emittedSoFar = pair.server().ask("latest");
        pair.client().tell("caught-up healthy " + emittedSoFar);
        pair.client().tell("ages");
        pair.server().tell("pace " + rate + " " + WINDOW_MILLIS);
        pair.client().tell("run healthy " + (WINDOW_MILLIS + 500) + " 0");
        String[] ages = pair.client().tell("ages").split(" ");
        double heap = pair.server().ask("heap") / 1_048_576.0;
        return new double[] {speed, Long.parseLong(ages[1]) / 1_000.0, Long.parseLong(ages[2]) / 1_000.0, heap};
    }
}
