package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Executions with durable steps at a steady rate, and clients that watch them: how old events are when they arrive, from their commit on. */
final class WatchersScenario {

    private WatchersScenario() {}

    static void run(Settings settings) throws IOException {
        int watchers = settings.number("watchers", 1_000);
        int executions = settings.number("executions", 1_000);
        int seconds = settings.number("seconds", 10);
        for (String kind : settings.text("on", "sqlite,postgresql").split(",")) {
            Path times = Files.createTempFile("flowscript-commits", null);
            try (Scenarios.Pair pair =
                    Scenarios.Pair.unbound("durable", "on=" + kind, "executions=" + executions, "times=" + times)) {
                pair.open("all", watchers, "v2", "watching," + executions + "," + times);
                System.out.printf(
                        Locale.ROOT, "%s, %,d executions, %,d watchers over v2%n", kind, executions, watchers);
                for (String rate : settings.text("rate", "5000,10000,20000").split(",")) {
                    window(pair, Integer.parseInt(rate), settings.number("warmup", 5));
                    window(pair, Integer.parseInt(rate), seconds);
                }
                System.out.println("  " + pair.client().tell("problems"));
            } finally {
                Files.delete(times);
            }
        }
    }

    private static void window(Scenarios.Pair pair, int rate, int seconds) throws IOException {
        pair.client().tell("ages");
        long steps = pair.server().ask("emitted");
        long events = pair.server().ask("latest");
        long[] cpu = {pair.server().ask("cpu"), pair.client().ask("cpu all")};
        long begun = System.nanoTime();
        pair.server().tell("pace " + rate + " " + seconds * 1_000L);
        pair.client().tell("run all " + seconds * 1_000L + " 0");
        double took = (System.nanoTime() - begun) / 1e9;
        double reached = (pair.server().ask("emitted") - steps) / took;
        cpu[0] = pair.server().ask("cpu") - cpu[0];
        cpu[1] = pair.client().ask("cpu all") - cpu[1];
        pair.client().tell("run all 2000 0"); // what is still under way
        events = pair.server().ask("latest") - events;
        String[] ages = pair.client().tell("ages").split(" ");
        System.out.printf(
                Locale.ROOT,
                "  %,d steps/s asked, %,.0f reached; %,d events, %s received; commit to arrival p50 %.2f ms, p99 %.2f ms;"
                        + " CPU of server %.2f, of client %.2f%n",
                rate,
                reached,
                events,
                ages[3],
                Long.parseLong(ages[1]) / 1e6,
                Long.parseLong(ages[2]) / 1e6,
                cpu[0] / 1e9 / took,
                cpu[1] / 1e9 / took);
    }
}
