package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a connection takes that has subscribed and to which nothing happens: the heap after garbage collections and the resident memory of
 * the server process, by which they grow with each so many connections. Also which classes its objects have.
 */
final class IdleScenario {

    private IdleScenario() {}

    static void run(Settings settings) throws Exception {
        int clients = settings.number("clients", 2_000);
        int rounds = settings.number("rounds", 3);
        for (String what : settings.text("of", "raw,v1,v2").split(",")) {
            String kind = what.equals("raw") ? "raw" : "flowscript";
            List<double[]> found = new ArrayList<>();
            Map<String, double[]> classes = new HashMap<>();
            try (Scenarios.Pair pair = Scenarios.Pair.ofHeap(settings.text("heap", "256m"), kind)) {
                for (int round = 0; round < settings.number("warmup", 3); round++) {
                    comeAndGo(pair, "warmup" + round, clients, what);
                }
                pair.open("first", clients, what, "counting"); // they take what those before have left
                double[] before = memory(pair);
                Map<String, double[]> first = classes(pair);
                for (int round = 0; round < rounds; round++) {
                    pair.open("round" + round, clients, what, "counting");
                    double[] now = memory(pair);
                    found.add(new double[] {(now[0] - before[0]) / clients, (now[1] - before[1]) / clients});
                    before = now;
                }
                classes.putAll(classes(pair));
                first.forEach((name, then) ->
                        classes.merge(name, then, (now, old) -> new double[] {now[0] - old[0], now[1] - old[1]}));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-4s bytes for each of %,d connections: heap %s   resident %s%n",
                    what,
                    clients,
                    Samples.range(Scenarios.column(found, 0)),
                    Samples.range(Scenarios.column(found, 1)));
            print(classes, (double) rounds * clients, settings.number("classes", 0));
        }
    }

    private static void comeAndGo(Scenarios.Pair pair, String group, int clients, String framing) throws Exception {
        pair.open(group, clients, framing, "counting");
        pair.client().tell("close " + group);
        while (!pair.server().tell("gauges").contains("connections=0")) {
            Thread.sleep(10);
        }
    }

    private static double[] memory(Scenarios.Pair pair) throws IOException {
        return new double[] {pair.server().ask("heap"), pair.server().ask("resident")};
    }

    /** {@return the instances and bytes of each class} */
    private static Map<String, double[]> classes(Scenarios.Pair pair) throws IOException {
        Map<String, double[]> found = new LinkedHashMap<>();
        for (String each : pair.server().tell("classes").split(" ")) {
            String[] parts = each.split("=");
            if (parts.length == 3) {
                found.put(parts[0], new double[] {Double.parseDouble(parts[1]), Double.parseDouble(parts[2])});
            }
        }
        return found;
    }

    private static void print(Map<String, double[]> classes, double connections, int most) {
        classes.entrySet().stream()
                .sorted(Comparator.comparingDouble(each -> -each.getValue()[1]))
                .limit(most)
                .forEach(each -> System.out.printf(
                        Locale.ROOT,
                        "  %7.1f bytes in %5.2f of %s%n",
                        each.getValue()[1] / connections,
                        each.getValue()[0] / connections,
                        each.getKey()));
    }
}
