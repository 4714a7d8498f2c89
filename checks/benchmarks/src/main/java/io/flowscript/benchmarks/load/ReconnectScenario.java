package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Clients that all reconnect at once, each some hundred events behind, while other clients follow an execution whose events come at a
 * steady rate. Those are in a process of their own, so that their times do not depend on how fast the many read.
 */
final class ReconnectScenario {

    /** The milliseconds in which the ages of events are measured before the many come back. */
    private static final int QUIET_MILLIS = 3_000;

    /** What a client that counts everything takes for events: the greetings. */
    private static final Map<String, Integer> GREETINGS = Map.of("raw", 1, "v1", 3, "v2", 3);

    private ReconnectScenario() {}

    /** Servers of one kind, with those who come back and those who stay. */
    private record Storm(Scenarios.Pair pair, Peer live, List<double[]> figures) implements AutoCloseable {

        static Storm of(String way, String how, int clients, int live, int rate) throws IOException {
            Scenarios.Pair pair = Scenarios.Pair.of(way.equals("raw") ? "raw" : "flowscript");
            Peer others = new Peer(1, "256m", "client");
            pair.server().tell("live " + rate);
            others.tell("open live " + pair.port() + " " + live + " " + way + " live");
            others.watch();
            long first = pair.open("all", clients, way, how);
            System.out.printf(Locale.ROOT, "%-4s %,d clients first connected in %.2f s%n", way, clients, first / 1e9);
            pair.server().tell("burst 1"); // gives each client a position
            pair.client().watch();
            pair.client().tellWatching("wait all 1");
            return new Storm(pair, others, new ArrayList<>());
        }

        @Override
        public void close() throws IOException {
            live.close();
            pair.close();
        }
    }

    static void run(Settings settings) throws Exception {
        int clients = settings.number("clients", 10_000);
        int events = settings.number("events", 500);
        int rounds = settings.number("rounds", 3);
        String how = settings.text("how", "counting");
        Map<String, Storm> storms = new LinkedHashMap<>();
        try {
            for (String way : settings.text("of", "raw,v2").split(",")) {
                storms.put(way, Storm.of(way, how, clients, settings.number("live", 100), settings.number("rate", 20)));
            }
            System.out.printf(Locale.ROOT, "%,d clients, %d events behind%n", clients, events);
            for (int round = 0; round < rounds; round++) {
                for (Map.Entry<String, Storm> storm : storms.entrySet()) {
                    int greetings = how.equals("counting") ? GREETINGS.getOrDefault(storm.getKey(), 0) : 0;
                    storm.getValue().figures().add(comeBack(storm.getKey(), storm.getValue(), events, greetings));
                }
            }
            for (Map.Entry<String, Storm> storm : storms.entrySet()) {
                Scenarios.Pair pair = storm.getValue().pair();
                List<double[]> figures = storm.getValue().figures();
                System.out.printf(
                        Locale.ROOT,
                        "%-4s caught up after %s s, CPU of the server %s s, of the clients %s s%n",
                        storm.getKey(),
                        Samples.range(Scenarios.column(figures, 0)),
                        Samples.range(Scenarios.column(figures, 1)),
                        Samples.range(Scenarios.column(figures, 2)));
                System.out.println("  " + pair.client().tellWatching("problems") + "; "
                        + pair.server().tell("gauges"));
                System.out.printf(
                        Locale.ROOT,
                        "  heap in use %.0f MiB; peak %s%n",
                        pair.server().ask("heap") / 1_048_576.0,
                        pair.server().tell("peak"));
            }
        } finally {
            for (Storm storm : storms.values()) {
                storm.close();
            }
        }
    }

    /** {@return the seconds until all have caught up, and the seconds of CPU of the server and of the clients} */
    private static double[] comeBack(String way, Storm storm, int events, int greetings) throws Exception {
        Peer server = storm.pair().server();
        Peer client = storm.pair().client();
        Peer live = storm.live();
        client.tellWatching("close all");
        String latest = server.tell("latest").split(" ")[1];
        server.tell("burst " + events);
        client.tellWatching("expect all");
        server.tell("heap"); // no round has to collect what another one has left
        live.tellWatching("ages");
        TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
        String[] before = live.tellWatching("ages").split(" ");
        long[] cpu = {server.ask("cpu"), cpu(client)};
        long begun = System.nanoTime();
        client.tellWatching("return all " + latest);
        long back = System.nanoTime();
        client.tellWatching("wait all " + (events + greetings));
        long whole = System.nanoTime();
        double[] figures = {(whole - begun) / 1e9, (server.ask("cpu") - cpu[0]) / 1e9, (cpu(client) - cpu[1]) / 1e9};
        String[] meanwhile = live.tellWatching("ages").split(" ");
        server.tell("burst 1");
        client.tellWatching("wait all " + (events + greetings + 1));
        System.out.printf(
                Locale.ROOT,
                "  %-4s reconnected after %.2f s, caught up after %.2f s, one more event after %.2f s; CPU of the server %.2f s, of the clients"
                        + " %.2f s; age at the others: p50 %.1f ms, p99 %.1f ms; before p50 %.1f ms, p99 %.1f ms%n",
                way,
                (back - begun) / 1e9,
                figures[0],
                (System.nanoTime() - whole) / 1e9,
                figures[1],
                figures[2],
                millis(meanwhile[1]),
                millis(meanwhile[2]),
                millis(before[1]),
                millis(before[2]));
        return figures;
    }

    private static long cpu(Peer client) throws IOException {
        return Long.parseLong(client.tellWatching("cpu all").split(" ")[1]);
    }

    private static double millis(String nanos) {
        return Long.parseLong(nanos) / 1e6;
    }
}
