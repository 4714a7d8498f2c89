package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.Locale;

/**
 * Clients that follow events for a long time and are cut at random, to show that memory does not grow and nothing is
 * left behind.
 */
final class SoakScenario {

    private static final int WINDOW_SECONDS = 30;

    private SoakScenario() {}

    static void run(Settings settings) throws IOException {
        int clients = settings.number("clients", 100);
        int rate = settings.number("rate", 2_000);
        int minutes = settings.number("minutes", 10);
        int cuts = settings.number("cuts", 5);
        Scenarios.Pair pair = Scenarios.Pair.of("flowscript", "kept=200000");
        Slope heaps = new Slope();
        try {
            pair.open("all", clients, settings.text("framing", "v2"), "checking");
            int windows = minutes * 60 / WINDOW_SECONDS;
            // Lasts a little longer, so that events are still emitted when the last window ends.
            pair.server().tell("pace " + rate + " " + (minutes * 60 + 30) * 1_000L);
            for (int i = 1; i <= windows; i++) {
                pair.client().tell("run all " + WINDOW_SECONDS * 1_000 + " " + cuts);
                double heap = pair.server().ask("heap") / 1_048_576.0;
                heaps.add(i * WINDOW_SECONDS / 60.0, heap);
                String[] ages = pair.client().tell("ages").split(" ");
                System.out.printf(
                        Locale.ROOT,
                        "  %5.1f min: heap %.1f MiB, %s events received, age p50 %.0f us, p99 %.0f us, emitted %s%n",
                        i * WINDOW_SECONDS / 60.0,
                        heap,
                        ages[3],
                        Long.parseLong(ages[1]) / 1_000.0,
                        Long.parseLong(ages[2]) / 1_000.0,
                        pair.server().tell("emitted").split(" ")[1]);
            }
            pair.client().tell("run all 35000 0");
            System.out.println("  " + pair.client().tell("problems") + "; with all there: "
                    + pair.server().tell("gauges"));
            pair.client().tell("close all");
            pair.client().tell("run none 1000 0");
            System.out.println("  with all gone: " + pair.server().tell("gauges"));
        } finally {
            pair.client().close();
            String[] last = pair.server().end();
            System.out.println("  after the end: " + String.join(" ", last));
        }
        System.out.printf(
                Locale.ROOT,
                "%,d events/s to %d clients for %d minutes, %d cuts a second: the heap's slope is %.3f MiB a minute%n",
                rate,
                clients,
                minutes,
                cuts,
                heaps.perMinute());
    }
}
