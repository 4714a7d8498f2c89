package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** One connection that follows very many executions, while {@linkplain LiveClients others} follow one. */
final class SubscriptionsScenario {

    /** How many subscriptions one message may ask for. */
    private static final int PER_MESSAGE = 1_000;

    /** The messages about each execution that is cancelled while it waits, by what the client follows. */
    private static final Map<String, Integer> OF_A_CANCELLING = Map.of("all", 4, "some", 1);

    private final LoadProcess server;
    private final LoadProcess client;
    private final LiveClients others;
    private final int count;
    private final String what;

    private SubscriptionsScenario(Scenarios.Pair pair, LiveClients others, int count, String what) {
        server = pair.server();
        client = pair.client();
        this.others = others;
        this.count = count;
        this.what = what;
    }

    static void run(Settings settings) throws Exception {
        int live = settings.number("live", 100);
        for (String what : settings.text("of", "all,some").split(",")) {
            for (String number : settings.text("counts", "10000,20000").split(",")) {
                int count = Integer.parseInt(number);
                try (Scenarios.Pair pair = Scenarios.Pair.of(
                                "flowscript", "live=" + settings.number("rate", 20), "waiting=" + count);
                        LiveClients others = LiveClients.of(pair.port(), live, "v2")) {
                    SubscriptionsScenario scenario = new SubscriptionsScenario(pair, others, count, what);
                    scenario.comeAndGo(pair, live);
                    scenario.cancelAll(pair);
                    System.out.println("       " + others.problems());
                }
            }
        }
    }

    /** A client comes, subscribes and goes. */
    private void comeAndGo(Scenarios.Pair pair, int live) throws Exception {
        long without = liveObjects();
        follow(pair, "first");
        long with = liveObjects();
        others.ages();
        long begun = System.nanoTime();
        client.tell("close first");
        while (!server.tell("gauges").contains("subscriptions=" + live + ",")) {
            Thread.sleep(1);
        }
        System.out.printf(
                Locale.ROOT,
                "       live objects: %,d bytes each; the client is gone after %.2f s; age at the others: %s%n",
                (with - without) / count,
                secondsSince(begun),
                others.ages());
    }

    /** Another client comes and subscribes, and all executions are cancelled. */
    private void cancelAll(Scenarios.Pair pair) throws IOException {
        follow(pair, "second");
        client.tell("expect second");
        others.ages();
        long cpu = server.ask("cpu");
        long begun = System.nanoTime();
        server.tell("cancel-waiting");
        client.tell("wait second " + count * OF_A_CANCELLING.get(what));
        System.out.printf(
                Locale.ROOT,
                "       all are cancelled, and the client knows, after %.2f s; %.1f us of CPU each; age at the others: %s%n",
                secondsSince(begun),
                microsEach(cpu),
                others.ages());
    }

    private void follow(Scenarios.Pair pair, String group) throws IOException {
        pair.open(group, 1, "v2", "counting");
        others.ages();
        long cpu = server.ask("cpu");
        long all = 0;
        long first = 0;
        long last = 0;
        for (int from = 0; from < count; from += PER_MESSAGE) {
            int to = Math.min(count, from + PER_MESSAGE);
            last = client.ask("follow " + group + " " + from + " " + to + " " + what);
            first = from == 0 ? last : first;
            all += last;
        }
        System.out.printf(
                Locale.ROOT,
                "%,6d subscriptions to %s events, the %s client: %.2f s (the first message %.0f ms, the last %.0f ms), %.1f us of CPU"
                        + " each; age at the others: %s%n",
                count,
                what,
                group,
                all / 1e9,
                first / 1e6,
                last / 1e6,
                microsEach(cpu),
                others.ages());
    }

    /** {@return the microseconds of the server's CPU since then, for each subscription} */
    private double microsEach(long cpu) throws IOException {
        return (server.ask("cpu") - cpu) / 1e3 / count;
    }

    /** {@return the bytes of all live objects} After a collection, the heap in use can have what no collection has compacted. */
    private long liveObjects() throws IOException {
        return Stream.of(server.tell("classes").split(" "))
                .map(each -> each.split("="))
                .filter(parts -> parts.length == 3)
                .mapToLong(parts -> Long.parseLong(parts[2]))
                .sum();
    }

    private static double secondsSince(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
