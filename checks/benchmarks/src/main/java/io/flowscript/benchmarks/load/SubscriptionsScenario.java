package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;

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
        follow(pair, others, "first", count, what);
        long with = heap(server);
        others.tellWatching("ages");
        long begun = System.nanoTime();
        client.tell("close first");
        awaitGone(server, live);
        long gone = System.nanoTime();
        String ages = ages(others);
        System.out.printf(
                Locale.ROOT,
                "       the client is gone after %.2f s, and with it %,d bytes of heap each; %s%n",
                (gone - begun) / 1e9,
                (with - heap(server)) / count,
                ages);
        follow(pair, others, "second", count, what);
        client.tell("expect second");
        others.tellWatching("ages");
        long cpu = server.ask("cpu");
        begun = System.nanoTime();
        server.tell("cancel-waiting");
        client.tell("wait second " + count);
        System.out.printf(
                Locale.ROOT,
                "       all are cancelled, and the client knows, after %.2f s; %.1f us of CPU each; %s; %s%n",
                (System.nanoTime() - begun) / 1e9,
                (server.ask("cpu") - cpu) / 1e3 / count,
                ages(others),
                client.tell("problems"));
    }

    private static void follow(Scenarios.Pair pair, Peer others, String group, int count, String what)
            throws IOException {
        pair.open(group, 1, "v2", "counting");
        others.tellWatching("ages");
        long cpu = pair.server().ask("cpu");
        long all = 0;
        long last = 0;
        long first = 0;
        for (int from = 0; from < count; from += PER_MESSAGE) {
            int to = Math.min(count, from + PER_MESSAGE);
            last = pair.client().ask("follow " + group + " " + from + " " + to + " " + what);
            first = from == 0 ? last : first;
            all += last;
        }
        System.out.printf(
                Locale.ROOT,
                "%,6d subscriptions to %s events, the %s client: %.2f s (the first message %.0f ms, the last %.0f ms), %.1f us of CPU each; %s%n",
                count,
                what,
                group,
                all / 1e9,
                first / 1e6,
                last / 1e6,
                (pair.server().ask("cpu") - cpu) / 1e3 / count,
                ages(others));
    }

    private static String ages(Peer others) throws IOException {
        String[] ages = others.tellWatching("ages").split(" ");
        return String.format(
                Locale.ROOT, "age at the others: p50 %.1f ms, p99 %.1f ms", millis(ages[1]), millis(ages[2]));
    }

    /** {@return the bytes of all live objects} After a collection, the heap in use can have what no collection has compacted. */
    private static long heap(Peer server) throws IOException {
        return Stream.of(server.tell("classes").split(" "))
                .map(each -> each.split("="))
                .filter(parts -> parts.length == 3)
                .mapToLong(parts -> Long.parseLong(parts[2]))
                .sum();
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
