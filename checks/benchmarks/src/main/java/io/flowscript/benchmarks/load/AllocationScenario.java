package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the server allocates and how much CPU it needs for one event of a burst, with garbage collection: for nobody, for one
 * client of the second version in the process, and for one over WebSocket, which is another process. Also how much memory the
 * server keeps for an event, in its log and encoded. Means of all rounds, since
 * only some rounds have a garbage collection.
 */
final class AllocationScenario {

    private AllocationScenario() {}

    static void run(Settings settings) throws Exception {
        int events = settings.number("events", 200_000);
        int rounds = settings.number("rounds", 7);
        int kept = events + 10_000;
        Map<String, List<double[]>> figures = new LinkedHashMap<>();
        Map<String, Double> memory = new LinkedHashMap<>();
        for (String who : settings.text("to", "nobody,local,websocket").split(",")) {
            List<double[]> found = new ArrayList<>();
            figures.put(who, found);
            try (Scenarios.Pair pair =
                    Scenarios.Pair.of("flowscript", "kept=" + kept, "local=" + (who.equals("local") ? 1 : 0))) {
                if (who.equals("websocket")) {
                    pair.open("all", 1, "v2", "counting");
                }
                long heap = pair.server().ask("heap");
                for (int round = -settings.number("warmup", 10); round < rounds; round++) {
                    double[] figure = burst(pair, who, events);
                    if (round >= 0) {
                        found.add(figure);
                    }
                }
                memory.put(who, (double) (pair.server().ask("heap") - heap) / kept);
            }
        }
        System.out.printf(Locale.ROOT, "burst of %,d events, for each event of the server%n", events);
        figures.forEach((who, found) -> System.out.printf(
                Locale.ROOT,
                "  to %-9s bytes allocated %s   us of CPU %s   of which us in garbage collections %s   bytes kept %.0f%n",
                who,
                Samples.mean(Scenarios.column(found, 0)),
                Samples.mean(Scenarios.column(found, 1)),
                Samples.mean(Scenarios.column(found, 2)),
                memory.get(who)));
    }

    private static double[] burst(Scenarios.Pair pair, String who, int events) throws IOException {
        if (who.equals("websocket")) {
            pair.client().tell("expect all");
        }
        long allocated = pair.server().ask("allocated");
        long cpu = pair.server().ask("cpu");
        long collecting = pair.server().ask("collecting");
        pair.server().tell("burst " + events);
        pair.server().tell("finish");
        if (who.equals("websocket")) {
            pair.client().ask("wait all " + events);
        }
        return new double[] {
            (double) (pair.server().ask("allocated") - allocated) / events,
            (pair.server().ask("cpu") - cpu) / 1_000.0 / events,
            (pair.server().ask("collecting") - collecting) * 1_000.0 / events
        };
    }
}
