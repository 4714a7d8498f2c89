package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.Locale;

/** Clients that all reconnect at once, each some hundred events behind. */
final class ReconnectScenario {

    private ReconnectScenario() {}

    static void run(Settings settings) throws IOException {
        int clients = settings.number("clients", 10_000);
        int events = settings.number("events", 500);
        try (Scenarios.Pair pair = Scenarios.Pair.of("flowscript")) {
            long first = pair.open("all", clients, settings.text("framing", "v2"), "checking");
            pair.server().tell("burst 1"); // gives each client a position
            pair.client().tell("wait all 1");
            pair.client().tell("close all");
            long before = pair.server().ask("heap");
            pair.server().tell("burst " + events);
            pair.client().tell("expect all");
            long cpu = pair.server().ask("cpu");
            long begun = System.nanoTime();
            pair.client().tell("return all " + pair.port());
            long back = System.nanoTime();
            pair.client().tell("wait all " + events);
            long whole = System.nanoTime();
            pair.server().tell("burst 1");
            pair.client().tell("wait all " + (events + 1));
            long live = System.nanoTime();
            System.out.printf(
                    Locale.ROOT,
                    "%,d clients, %d events behind: first connected in %.2f s; reconnected in %.2f s, caught up after %.2f s, one more event reached"
                            + " all after %.2f s; %.1f s of the server's CPU%n",
                    clients,
                    events,
                    first / 1e9,
                    (back - begun) / 1e9,
                    (whole - begun) / 1e9,
                    (live - begun) / 1e9,
                    (pair.server().ask("cpu") - cpu) / 1e9);
            System.out.println(
                    "  " + pair.client().tell("problems") + "; " + pair.server().tell("gauges"));
            System.out.printf(
                    Locale.ROOT,
                    "  heap before %.0f MiB, in use after %.0f MiB; peak %s%n",
                    before / 1_048_576.0,
                    pair.server().ask("heap") / 1_048_576.0,
                    pair.server().tell("peak"));
        }
    }
}
