package io.flowscript.benchmarks.load;

import io.flowscript.benchmarks.churn.ChurnScenario;
import io.flowscript.benchmarks.compare.CompareScenario;
import io.flowscript.benchmarks.engine.EngineProcess;
import io.flowscript.benchmarks.engine.EngineRates;
import io.flowscript.benchmarks.engine.ManyAtOnce;
import io.flowscript.benchmarks.engine.StartUp;
import io.flowscript.benchmarks.growth.GrowthScenario;
import io.flowscript.benchmarks.peers.EnginesScenario;
import io.flowscript.benchmarks.peers.PeersScenario;
import io.flowscript.benchmarks.store.StoreScenarios;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The scenarios. Each prints its results without judging them. */
public final class Scenarios {

    private static final String USAGE = """
            java -jar flowscript-benchmarks.jar WHAT [key=value ...]

              jmh        single steps, see JMH's own options
              steps      steps of nodes that do nothing, a second, in an engine without a store (rounds=7 count=1000000)
              executions executions of ten such nodes, started, run, ended and forgotten, a second (rounds=7 count=50000)
              deadlines  executions that all wait for one moment (count=1000000 kind=sleep wait=60 clock=system): how long after it they have ended
                         (kind=question: the deadlines of questions; clock=manual: a clock of the application)
              cancel     executions that wait, and are all cancelled (count=100000), while another one is followed
              start      a new process: the engine is built, and runs its first 1,000 executions, with and without an archive of classes
                         (rounds=7)
              burst      bursts of events to clients (clients=1,100,1000 rounds=9): FlowScript with one object per message (v1), with
                         flowscript.v2 (v2), and Jetty's WebSocket core sending pre-encoded frames in batches (raw), in turn; FlowScript
                         emits, encodes and delivers; "again" is the delivering alone, of what is in the log already
              allocation what the server allocates and needs of CPU for each event of a burst (events=200000 rounds=7): to nobody, to one v2
                         client in its process, and to one over WebSocket, which is another process (to=nobody,local,websocket)
              paced      how old events are when they arrive (clients=100 rate=100 seconds=5 rounds=9), beside Jetty unbatched
              disturbed  events at a steady rate, with and without a disturbance (by=blocked: nodes that block all threads for nodes;
                         by=clock: the time of day set by an hour; by=exceptions: undeclared ones; by=memory: after it was used up)
              stalled    an execution that emits as fast as it can, with and without clients that do not read (stalled=1000 healthy=20)
              idle       the memory of connections to which nothing happens (clients=2000 rounds=3 of=raw,v1,v2 classes=0: how many classes of their
                         objects are listed)
              reconnect  clients that come back at once (clients=10000 events=500 rounds=3 of=raw,v2 how=counting), beside Jetty's WebSocket core
                         in turn, while others follow an execution whose events come at a steady rate (live=100 rate=20); how=checking: the
                         clients read each event, which takes longer than sending it
              subscriptions one connection with very many subscriptions (counts=10000,20000 of=all,some: with a filter), while others follow an
                         execution as above
              store      durable steps a second of a store and of an engine, beside the least that the database needs for the same bytes
                         (on=sqlite,postgresql flight=64,512 seconds=5 rounds=3)
              watchers   executions with durable steps at a steady rate, and clients that watch them: how old events are when they arrive,
                         from their commit on (on=sqlite,postgresql executions=1000 watchers=1000 rate=5000,10000,20000 seconds=10)
              state      what a step costs with a small and with a large state (on=sqlite,postgresql rounds=3 steps=2000)
              waiting    a restart with many waiting executions (on=sqlite,postgresql count=10000)
              inbox      the inbox when many executions wait in the store (on=sqlite,postgresql count=200000)
              soak       clients that are cut by chance (clients=100 rate=2000 minutes=10 cuts=5)
              churn      people of each transport who come, run, answer, cancel and go, while connections are cut and the server is restarted
                         (seconds=1800 people=8 restart=60 seed=1)
              peers      bursts, a steady rate and idle connections, beside Jetty, CometD, netty-socketio, ws and Socket.IO in turn
                         (rounds=5 events1=50000 events100=2000 events1000=200 clients=100 rate=100 seconds=4 idle=2000 with="ws;CometD")
              engines    executions of ten nodes beside langgraph4j and CompletableFuture in turn (rounds=5 count=20000)
              growth     curves: events, executions, clients, workflows, state (rounds=3 of=events,executions,clients,workflows,state)
              figures    peers, engines and growth; these write docs/performance.md and docs/images (write=no root=.), but not with "quick",
                         the small form
              compare    two builds in turn, each a jar or a commit: ratios of all figures with their spread
                         (a=COMMIT b=COMMIT rounds=5 run="executions count=20000;burst clients=100;paced seconds=2")
            """;

    private static final int WARM_UP_EVENTS = 10_000;

    private Scenarios() {}

    /**
     * Runs a scenario.
     *
     * @param arguments its name, then its settings
     * @throws Exception if it cannot be run
     */
    public static void main(String... arguments) throws Exception {
        String what = arguments.length == 0 ? "" : arguments[0];
        List<String> rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (what) {
            case "server" -> ServerProcess.main(rest);
            case "client" -> ClientProcess.main();
            case "peers" -> PeersScenario.run(Settings.of(rest));
            case "growth" -> GrowthScenario.run(Settings.of(rest));
            case "compare" -> CompareScenario.run(Settings.of(rest));
            case "figures" -> {
                PeersScenario.run(Settings.of(rest));
                EnginesScenario.run(Settings.of(rest));
                GrowthScenario.run(Settings.of(rest));
            }
            case "engines" -> EnginesScenario.run(Settings.of(rest));
            case "engine" -> EngineProcess.serve(EngineProcess.of(rest.get(0)));
            case "steps", "executions", "deadlines", "cancel", "start" -> engine(what, Settings.of(rest));
            case "burst" -> burst(Settings.of(rest));
            case "allocation" -> AllocationScenario.run(Settings.of(rest));
            case "paced" -> paced(Settings.of(rest));
            case "disturbed" -> DisturbedScenario.run(Settings.of(rest));
            case "stalled" -> StalledScenario.run(Settings.of(rest));
            case "idle" -> IdleScenario.run(Settings.of(rest));
            case "subscriptions" -> SubscriptionsScenario.run(Settings.of(rest));
            case "reconnect" -> ReconnectScenario.run(Settings.of(rest));
            case "store" -> store(Settings.of(rest));
            case "watchers" -> WatchersScenario.run(Settings.of(rest));
            case "state" -> state(Settings.of(rest));
            case "waiting" -> waiting(Settings.of(rest));
            case "inbox" -> inbox(Settings.of(rest));
            case "soak" -> SoakScenario.run(Settings.of(rest));
            case "churn" -> churn(Settings.of(rest));
            default -> System.out.print(USAGE);
        }
    }

    private static void engine(String what, Settings settings) throws Exception {
        int rounds = settings.number("rounds", 7);
        switch (what) {
            case "steps" -> EngineRates.steps(rounds, settings.number("count", 1_000_000));
            case "executions" -> EngineRates.executions(rounds, settings.number("count", 50_000));
            case "deadlines" ->
                ManyAtOnce.deadlines(
                        settings.number("count", 1_000_000),
                        settings.text("kind", "sleep"),
                        settings.number("wait", 60),
                        settings.text("clock", "system"));
            case "cancel" -> ManyAtOnce.cancel(settings.number("count", 100_000));
            default -> StartUp.run(rounds);
        }
    }

    private static void churn(Settings settings) throws Exception {
        ChurnScenario.run(
                settings.number("seconds", 1_800),
                settings.number("people", 8),
                settings.number("restart", 60),
                settings.number("seed", 1));
    }

    private static void store(Settings settings) throws Exception {
        for (String kind : databases(settings)) {
            for (String inFlight : settings.text("flight", "64,512").split(",")) {
                StoreScenarios.rates(
                        kind, Integer.parseInt(inFlight), settings.number("rounds", 3), settings.number("seconds", 5));
            }
        }
    }

    private static void state(Settings settings) throws Exception {
        for (String kind : databases(settings)) {
            StoreScenarios.states(kind, settings.number("rounds", 3), settings.number("steps", 2_000));
        }
    }

    private static void waiting(Settings settings) throws Exception {
        for (String kind : databases(settings)) {
            StoreScenarios.waiting(kind, settings.number("count", 10_000));
        }
    }

    private static void inbox(Settings settings) throws Exception {
        for (String kind : databases(settings)) {
            StoreScenarios.inbox(kind, settings.number("count", 200_000));
        }
    }

    private static String[] databases(Settings settings) {
        return settings.text("on", "sqlite,postgresql").split(",");
    }

    /** A server of one kind, and a client process with a number of connections to it. */
    record Pair(LoadProcess server, LoadProcess client, int port) implements AutoCloseable {

        static Pair of(String kind, String... settings) throws IOException {
            return ofHeap("3g", kind, settings);
        }

        /** The heap is that of the server. */
        static Pair ofHeap(String heap, String kind, String... settings) throws IOException {
            return of(0, heap, 1, kind, settings);
        }

        /** Neither process is bound to a core: for a server that is to use them all. */
        static Pair unbound(String kind, String... settings) throws IOException {
            return of(LoadProcess.ANY_CORE, "3g", LoadProcess.ANY_CORE, kind, settings);
        }

        private static Pair of(int serverCore, String heap, int clientCore, String kind, String... settings)
                throws IOException {
            List<String> arguments = new ArrayList<>(List.of("server", kind));
            arguments.addAll(List.of(settings));
            LoadProcess server = new LoadProcess(serverCore, heap, arguments.toArray(String[]::new));
            int port = Integer.parseInt(server.read().split(" ")[1]);
            return new Pair(server, new LoadProcess(clientCore, "2g", "client"), port);
        }

        long open(String group, int count, String framing, String how) throws IOException {
            return client.ask("open " + group + " " + port + " " + count + " " + framing + " " + how);
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    /** A variant of sending: the kind of server and the framing of its clients. */
    private record Variant(String server, String framing) {}

    private static void burst(Settings settings) throws IOException {
        Map<String, Variant> ways = new LinkedHashMap<>();
        ways.put("raw", new Variant("raw", "raw"));
        ways.put("v1", new Variant("flowscript", "v1"));
        ways.put("v2", new Variant("flowscript", "v2"));
        int rounds = settings.number("rounds", 9);
        for (String number : settings.text("clients", "1,100,1000").split(",")) {
            int clients = Integer.parseInt(number);
            int events = settings.number("events", clients == 1 ? 200_000 : Math.max(2_000, 2_000_000 / clients));
            Map<String, Pair> pairs = new LinkedHashMap<>();
            Map<String, List<double[]>> figures = new LinkedHashMap<>();
            try {
                for (Map.Entry<String, Variant> way : ways.entrySet()) {
                    Pair pair = Pair.of(way.getValue().server(), "kept=" + (events + 10_000));
                    pairs.put(way.getKey(), pair);
                    figures.put(way.getKey(), new ArrayList<>());
                    pair.open("all", clients, way.getValue().framing(), "counting");
                }
                for (int round = -settings.number("warmup", 4); round < rounds; round++) {
                    for (Map.Entry<String, Pair> pair : pairs.entrySet()) {
                        double[] figure = burst(pair.getValue(), clients, events);
                        if (round >= 0) {
                            figures.get(pair.getKey()).add(figure);
                        }
                        if (!pair.getKey().equals("raw")) {
                            double[] again = replay(pair.getValue(), clients, events);
                            if (round >= 0) {
                                figures.computeIfAbsent(pair.getKey() + " again", way -> new ArrayList<>())
                                        .add(again);
                            }
                        }
                    }
                }
            } finally {
                for (Pair pair : pairs.values()) {
                    pair.close();
                }
            }
            print(clients, events, figures);
        }
    }

    private static double[] burst(Pair pair, int clients, int events) throws IOException {
        pair.client().tell("expect all");
        long[] cpu = cpu(pair);
        long begun = pair.server().ask("burst " + events);
        long done = pair.client().ask("wait all " + events);
        return figure(pair, cpu, begun, done, (double) events * clients);
    }

    /** Replays the same events, which are in the log and already encoded. */
    private static double[] replay(Pair pair, int clients, int events) throws IOException {
        pair.client().tell("expect all");
        long after = pair.server().ask("latest") - events;
        long[] cpu = cpu(pair);
        long begun = pair.client().ask("replay all " + after);
        long done = pair.client().ask("wait all " + (events + ClientProcess.REPLIES));
        return figure(pair, cpu, begun, done, (double) events * clients);
    }

    /**
     * {@return millions of events delivered per second, and microseconds of CPU per event of the server and of the
     * client}
     */
    private static double[] figure(Pair pair, long[] cpu, long begun, long done, double delivered) throws IOException {
        long[] now = cpu(pair);
        return new double[] {
            delivered * 1_000 / (done - begun),
            (now[0] - cpu[0]) / 1_000.0 / delivered,
            (now[1] - cpu[1]) / 1_000.0 / delivered
        };
    }

    private static long[] cpu(Pair pair) throws IOException {
        return new long[] {pair.server().ask("cpu"), pair.client().ask("cpu all")};
    }

    private static void print(int clients, int events, Map<String, List<double[]>> figures) {
        List<double[]> raw = figures.get("raw");
        System.out.printf(Locale.ROOT, "burst of %,d events to %,d clients%n", events, clients);
        figures.forEach((way, rounds) -> System.out.printf(
                Locale.ROOT,
                "  %-8s M events/s %s   us of CPU each, server %s, client %s   of raw %s%n",
                way,
                Samples.range(column(rounds, 0)),
                Samples.range(column(rounds, 1)),
                Samples.range(column(rounds, 2)),
                Samples.range(ratios(rounds, raw))));
    }

    private static double[] ratios(List<double[]> rounds, List<double[]> raw) {
        double[] ratios = new double[rounds.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = rounds.get(i)[0] / raw.get(i)[0];
        }
        return ratios;
    }

    private static void paced(Settings settings) throws IOException {
        int clients = settings.number("clients", 100);
        int rate = settings.number("rate", 100);
        int seconds = settings.number("seconds", 5);
        int rounds = settings.number("rounds", 9);
        Map<String, Variant> ways = new LinkedHashMap<>();
        ways.put("raw", new Variant("unbatched", "raw"));
        ways.put("v1", new Variant("flowscript", "v1"));
        ways.put("v2", new Variant("flowscript", "v2"));
        Map<String, Pair> pairs = new LinkedHashMap<>();
        Map<String, List<double[]>> figures = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Variant> way : ways.entrySet()) {
                Pair pair = Pair.of(way.getValue().server());
                pairs.put(way.getKey(), pair);
                figures.put(way.getKey(), new ArrayList<>());
                pair.open("all", clients, way.getValue().framing(), "checking");
                burst(
                        pair,
                        clients,
                        WARM_UP_EVENTS); // lets the JVM compile the code, as in a server that has run for long
                pair.client().tell("ages");
            }
            for (int round = -1; round < rounds; round++) {
                for (Map.Entry<String, Pair> pair : pairs.entrySet()) {
                    long cpu = pair.getValue().server().ask("cpu");
                    pair.getValue().server().tell("pace " + rate + " " + seconds * 1_000);
                    pair.getValue().client().tell("run all " + (seconds * 1_000 + 500) + " 0");
                    String[] ages = pair.getValue().client().tell("ages").split(" ");
                    long used = pair.getValue().server().ask("cpu") - cpu;
                    if (round >= 0) {
                        figures.get(pair.getKey()).add(new double[] {
                            Long.parseLong(ages[1]) / 1_000.0,
                            Long.parseLong(ages[2]) / 1_000.0,
                            Long.parseLong(ages[3]),
                            used / 1_000.0 / Long.parseLong(ages[3])
                        });
                    }
                }
            }
        } finally {
            for (Pair pair : pairs.values()) {
                pair.close();
            }
        }
        System.out.printf(Locale.ROOT, "%d events/s to %d clients, us from emitting to reading%n", rate, clients);
        figures.forEach((way, found) -> System.out.printf(
                Locale.ROOT,
                "  %-4s p50 %s   p99 %s   of %,.0f   us of CPU each %s   of raw: p50 %.2f p99 %.2f CPU %.2f%n",
                way,
                Samples.range(column(found, 0)),
                Samples.range(column(found, 1)),
                found.get(0)[2],
                Samples.range(column(found, 3)),
                Samples.median(column(found, 0)) / Samples.median(column(figures.get("raw"), 0)),
                Samples.median(column(found, 1)) / Samples.median(column(figures.get("raw"), 1)),
                Samples.median(column(found, 3)) / Samples.median(column(figures.get("raw"), 3))));
    }

    /** Prints the medians of one column with and without what is looked at, and their ratio. */
    static void compare(String what, List<double[]> without, List<double[]> with, int column) {
        double before = Samples.median(column(without, column));
        double after = Samples.median(column(with, column));
        System.out.printf(
                Locale.ROOT,
                "  %-36s without %s   with %s   ratio %.3f%n",
                what,
                Samples.range(column(without, column)),
                Samples.range(column(with, column)),
                after / before);
    }

    static double[] column(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).toArray();
    }
}
