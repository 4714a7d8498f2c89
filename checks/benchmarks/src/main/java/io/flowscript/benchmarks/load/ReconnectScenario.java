package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Clients that all reconnect at once, each some hundred events behind, while {@linkplain LiveClients others} follow an execution. */
final class ReconnectScenario {

    private ReconnectScenario() {}

    static void run(Settings settings) throws Exception {
        int clients = settings.number("clients", 10_000);
        int events = settings.number("events", 500);
        int rounds = settings.number("rounds", 3);
        List<Storm> storms = new ArrayList<>();
        try {
            for (String framing : settings.text("of", "raw,v2").split(",")) {
                storms.add(Storm.of(framing, clients, settings));
            }
            System.out.printf(Locale.ROOT, "%,d clients, %d events behind%n", clients, events);
            for (int round = 0; round < rounds; round++) {
                for (Storm storm : storms) {
                    storm.comeBack(events);
                }
            }
            for (Storm storm : storms) {
                storm.print();
            }
        } finally {
            for (Storm storm : storms) {
                storm.close();
            }
        }
    }

    /**
     * A server, with those who come back and those who stay.
     *
     * @param greetings how many messages a client that comes back takes for events, because it reads none
     * @param quietMillis how long the ages of events are measured before the many come back
     */
    private record Storm(
            String framing,
            Scenarios.Pair pair,
            LiveClients others,
            int greetings,
            int quietMillis,
            Map<String, List<Double>> figures)
            implements AutoCloseable {

        static Storm of(String framing, int clients, Settings settings) throws IOException {
            String how = settings.text("how", "counting");
            Scenarios.Pair pair = Scenarios.Pair.of(
                    framing.equals("raw") ? "raw" : "flowscript", "live=" + settings.number("rate", 20));
            Storm storm = new Storm(
                    framing,
                    pair,
                    LiveClients.of(pair.port(), settings.number("live", 100), framing),
                    how.equals("counting") ? ClientProcess.greetings(framing) : 0,
                    settings.number("quiet", 3_000),
                    new LinkedHashMap<>());
            long connected = pair.open("all", clients, framing, how);
            System.out.printf(
                    Locale.ROOT, "%-4s %,d clients first connected in %.2f s%n", framing, clients, connected / 1e9);
            pair.client().tell("expect all");
            pair.server().tell("burst 1"); // gives each client a position
            pair.client().tell("wait all 1");
            return storm;
        }

        void comeBack(int events) throws Exception {
            LoadProcess server = pair.server();
            LoadProcess client = pair.client();
            client.tell("close all");
            long latest = server.ask("latest");
            server.tell("burst " + events);
            client.tell("expect all");
            server.tell("heap"); // no round has to collect what another one has left
            others.ages();
            TimeUnit.MILLISECONDS.sleep(quietMillis);
            LiveClients.Ages before = others.ages();
            long[] cpu = {server.ask("cpu"), client.ask("cpu all")};
            long begun = System.nanoTime();
            client.tell("return all " + latest);
            double back = secondsSince(begun);
            client.tell("wait all " + (events + greetings));
            double whole = secondsSince(begun);
            double ofServer = (server.ask("cpu") - cpu[0]) / 1e9;
            double ofClients = (client.ask("cpu all") - cpu[1]) / 1e9;
            LiveClients.Ages meanwhile = others.ages();
            begun = System.nanoTime();
            server.tell("burst 1");
            client.tell("wait all " + (events + greetings + 1));
            System.out.printf(
                    Locale.ROOT,
                    "  %-4s reconnected after %.2f s, caught up after %.2f s, one more event after %.2f s; CPU of the server %.2f s, of the"
                            + " clients %.2f s%n       age at the others: before %s; meanwhile %s%n",
                    framing,
                    back,
                    whole,
                    secondsSince(begun),
                    ofServer,
                    ofClients,
                    before,
                    meanwhile);
            add("caught up after", whole);
            add("CPU of the server", ofServer);
            add("CPU of the clients", ofClients);
        }

        private void add(String name, double figure) {
            figures.computeIfAbsent(name, unused -> new ArrayList<>()).add(figure);
        }

        private static double secondsSince(long begun) {
            return (System.nanoTime() - begun) / 1e9;
        }

        void print() throws IOException {
            System.out.println(framing);
            figures.forEach((name, all) -> System.out.printf(
                    Locale.ROOT,
                    "  %s, seconds: %s%n",
                    name,
                    Samples.range(all.stream().mapToDouble(Double::doubleValue).toArray())));
            System.out.println("  " + pair.client().tell("problems") + "; of the others " + others.problems() + "; "
                    + pair.server().tell("gauges"));
            System.out.printf(
                    Locale.ROOT,
                    "  heap in use %.0f MiB; %s%n",
                    pair.server().ask("heap") / 1_048_576.0,
                    pair.server().tell("peak"));
        }

        @Override
        public void close() throws IOException {
            others.close();
            pair.close();
        }
    }
}
