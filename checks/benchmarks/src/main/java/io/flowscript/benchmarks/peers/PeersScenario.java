package io.flowscript.benchmarks.peers;

import io.flowscript.benchmarks.load.LoadProcess;
import io.flowscript.benchmarks.load.Settings;
import io.flowscript.benchmarks.report.Results;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Servers that send the same events: bursts, a steady rate, and clients that wait. The servers take turns in each round, and one client process
 * reads from all of them.
 */
public final class PeersScenario implements AutoCloseable {

    /** How much is sent to so many clients. */
    private record Burst(int clients, int events) {}

    /** A server that runs. */
    private record Running(LoadProcess server, int port, String about) {}

    private final Settings settings;
    private final Selection selection;
    private final LoadProcess client;
    private final Map<Contestant, Running> running = new LinkedHashMap<>();
    private final Results results = new Results();

    private PeersScenario(Settings settings) throws IOException {
        this.settings = settings;
        selection = Selection.of(Contestant.SERVERS, settings);
        client = LoadProcess.client();
    }

    /**
     * Measures, and publishes the section {@code peers}.
     *
     * @param settings {@code rounds}, {@code warmup}, {@code events1}, {@code events100} and {@code events1000} of a burst, {@code millis} for
     *     which bursts follow each other in a round, {@code clients},
     *     {@code rate} and {@code seconds} of the steady rate, {@code idle} connections, {@code with} names of servers, separated by semicolons
     * @throws IOException if it cannot be run
     */
    public static void run(Settings settings) throws IOException {
        try (PeersScenario scenario = new PeersScenario(settings)) {
            scenario.measure();
        }
    }

    private void measure() throws IOException {
        int rounds = settings.number("rounds", 5, 1);
        PeersReport report = new PeersReport(results, settings);
        Set<String> versions = startAll();
        for (Burst burst : List.of(
                new Burst(1, settings.number("events1", 50_000, 2_000)),
                new Burst(100, settings.number("events100", 2_000, 50)),
                new Burst(1_000, settings.number("events1000", 200, 5)))) {
            bursts(burst, rounds);
            report.print(PeersReport.rate(burst.clients()), PeersReport.cpu(burst.clients()));
        }
        steadyRate(PeersReport.pacedRounds(rounds));
        report.print(PeersReport.P50, PeersReport.P99, PeersReport.PACED_CPU);
        closeServers();
        for (Contestant one : selection.chosen()) {
            idle(one);
        }
        report.print(PeersReport.MEMORY, PeersReport.HEAP);
        report.publish(selection, versions, rounds);
    }

    /** Starts the servers. {@return their versions} */
    private Set<String> startAll() throws IOException {
        Set<String> versions = new LinkedHashSet<>();
        for (Contestant one : selection.chosen()) {
            running.put(one, start(one, false));
            versions.add(running.get(one).about());
        }
        versions.remove("");
        return versions;
    }

    private void bursts(Burst burst, int rounds) throws IOException {
        open("burst" + burst.clients(), burst.clients(), "marked");
        for (int round = -settings.number("warmup", 1, 0); round < rounds; round++) {
            for (Contestant one : selection.chosen()) {
                burst(one, burst, round >= 0);
            }
        }
        leave("burst" + burst.clients());
    }

    private void steadyRate(int rounds) throws IOException {
        int clients = settings.number("clients", 100, 10);
        open("paced", clients, "aged");
        for (int round = -1; round < rounds; round++) {
            for (Contestant one : selection.chosen()) {
                pace(one, clients, round >= 0);
            }
        }
    }

    private Running start(Contestant one, boolean isTouched) throws IOException {
        LoadProcess server = one.start(selection.root(), isTouched);
        int port = Integer.parseInt(server.read().split(" ")[1]);
        return new Running(
                server, port, server.tell("about").substring("about".length()).strip());
    }

    private static String group(Contestant one, String name) {
        return one.kind().replace(' ', '-') + one.client() + "-" + name;
    }

    private void open(String name, int count, String how) throws IOException {
        for (Map.Entry<Contestant, Running> one : running.entrySet()) {
            open(one.getKey(), one.getValue(), name, count, how);
        }
    }

    private void open(Contestant one, Running server, String name, int count, String how) throws IOException {
        client.tell("open " + group(one, name) + " " + server.port() + " " + count + " " + one.client() + " " + how);
    }

    private void leave(String name) throws IOException {
        for (Contestant one : running.keySet()) {
            client.tell("leave " + group(one, name));
        }
    }

    /** Bursts one after the other, for as long as a round takes, so that the clock of the CPU is fine enough for fast servers too. */
    private void burst(Contestant one, Burst burst, boolean counts) throws IOException {
        LoadProcess server = running.get(one).server();
        String group = group(one, "burst" + burst.clients());
        long least = settings.number("millis", 500, 1) * 1_000_000L;
        double delivered = 0;
        long nanos = 0;
        long cpu = server.ask("cpu");
        while (nanos < least) {
            client.tell("expect " + group);
            long begun = server.ask("burst " + burst.events());
            nanos += client.ask("wait " + group + " " + burst.events()) - begun;
            delivered += (double) burst.events() * burst.clients();
        }
        long used = server.ask("cpu") - cpu;
        if (counts) {
            results.add(one.name(), PeersReport.rate(burst.clients()), delivered * 1e6 / nanos);
            results.add(one.name(), PeersReport.cpu(burst.clients()), used / 1e3 / delivered);
        }
    }

    /** Waits for each event, so that none that is very late is forgotten. */
    private void pace(Contestant one, int clients, boolean counts) throws IOException {
        int rate = settings.number("rate", 100);
        int seconds = settings.number("seconds", 4, 1);
        LoadProcess server = running.get(one).server();
        String group = group(one, "paced");
        client.tell("expect " + group);
        client.tell("ages");
        long cpu = server.ask("cpu");
        server.tell("pace " + rate + " " + seconds * 1_000);
        client.tell("wait " + group + " " + rate * seconds);
        long used = server.ask("cpu") - cpu;
        String[] ages = client.tell("ages").split(" ");
        if (counts) {
            results.add(one.name(), PeersReport.P50, Long.parseLong(ages[1]) / 1e6);
            results.add(one.name(), PeersReport.P99, Long.parseLong(ages[2]) / 1e6);
            results.add(one.name(), PeersReport.PACED_CPU, used / 1e3 / ((double) rate * seconds * clients));
        }
    }

    /** A new server that has seen a few clients come and go. */
    private void idle(Contestant one) throws IOException {
        int count = settings.number("idle", 2_000, 50);
        Running server = start(one, true);
        running.put(one, server);
        open(one, server, "first", Math.min(200, count), "marked");
        client.tell("leave " + group(one, "first"));
        client.tell("run " + group(one, "first") + " 500 0");
        long heap = server.server().ask("heap");
        long resident = server.server().ask("rss");
        open(one, server, "idle", count, "marked");
        client.tell("run " + group(one, "idle") + " 1000 0");
        double heapGrowth = server.server().ask("heap") - heap;
        double growth = server.server().ask("rss") - resident;
        results.add(one.name(), PeersReport.HEAP, heapGrowth / 1_024 / count);
        results.add(one.name(), PeersReport.MEMORY, (growth + (one.isJava() ? heapGrowth : 0)) / 1_024 / count);
        client.tell("leave " + group(one, "idle"));
        closeServers();
    }

    private void closeServers() throws IOException {
        for (Running one : running.values()) {
            one.server().close();
        }
        running.clear();
    }

    @Override
    public void close() throws IOException {
        try {
            closeServers();
        } finally {
            client.close();
        }
    }
}
