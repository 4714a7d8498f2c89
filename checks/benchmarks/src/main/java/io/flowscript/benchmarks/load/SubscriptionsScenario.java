package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.Locale;

/** One connection that follows very many executions, while other clients follow one whose events come at a steady rate. */
final class SubscriptionsScenario {

    /** How many subscriptions one message may ask for. */
    private static final int PER_MESSAGE = 1_000;

    private SubscriptionsScenario() {}

    static void run(Settings settings) throws Exception {
        int live = settings.number("live", 100);
        for (String what : settings.text("of", "all,some").split(",")) {
            for (String count : settings.text("counts", "1000,10000").split(",")) {
                try (Scenarios.Pair pair = Scenarios.Pair.of("flowscript");
                        Peer others = new Peer(1, "256m", "client")) {
                    pair.server().tell("live " + settings.number("rate", 20));
                    others.tell("open live " + pair.port() + " " + live + " v2 live");
                    others.watch();
                    run(pair, others, Integer.parseInt(count), what, live);
                }
            }
        }
    }

    private static void run(Scenarios.Pair pair, Peer others, int count, String what, int live) throws Exception {
        Peer server = pair.server();
        Peer client = pair.client();
        server.tell("start-waiting " + count);
        pair.open("one", 1, "v2", "counting");
        long heap = server.ask("heap");
        others.tellWatching("ages");
        long cpu = server.ask("cpu");
        long all = 0;
        long last = 0;
        long first = 0;
        for (int from = 0; from < count; from += PER_MESSAGE) {
            int to = Math.min(count, from + PER_MESSAGE);
            last = client.ask("follow one " + from + " " + to + " " + what);
            first = from == 0 ? last : first;
            all += last;
        }
        long used = server.ask("cpu") - cpu;
        String[] meanwhile = others.tellWatching("ages").split(" ");
        long taken = server.ask("heap") - heap;
        System.out.printf(
                Locale.ROOT,
                "%,6d subscriptions to %s events: %.2f s (the first message %.0f ms, the last %.0f ms), %.1f us of CPU and %,d bytes of heap each;"
                        + " age at the others: p50 %.1f ms, p99 %.1f ms%n",
                count,
                what,
                all / 1e9,
                first / 1e6,
                last / 1e6,
                used / 1e3 / count,
                taken / count,
                millis(meanwhile[1]),
                millis(meanwhile[2]));
        others.tellWatching("ages");
        client.tell("expect one");
        cpu = server.ask("cpu");
        long begun = System.nanoTime();
        server.tell("cancel-waiting");
        client.tell("wait one " + count);
        long ended = System.nanoTime();
        client.tell("close one");
        awaitGone(server, live);
        long gone = System.nanoTime();
        meanwhile = others.tellWatching("ages").split(" ");
        System.out.printf(
                Locale.ROOT,
                "       all are cancelled, and the client knows, after %.2f s; it is gone after %.2f s; %.1f us of CPU each; age at the others:"
                        + " p50 %.1f ms, p99 %.1f ms; %s%n",
                (ended - begun) / 1e9,
                (gone - ended) / 1e9,
                (server.ask("cpu") - cpu) / 1e3 / count,
                millis(meanwhile[1]),
                millis(meanwhile[2]),
                client.tell("problems"));
    }

    private static void awaitGone(Peer server, int others) throws IOException, InterruptedException {
        while (!server.tell("gauges").contains("connections=" + others + ",")) {
            Thread.sleep(1);
        }
    }

    private static double millis(String nanos) {
        return Long.parseLong(nanos) / 1e6;
    }
}
