package io.flowscript.benchmarks.peers;

import io.flowscript.benchmarks.load.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Those that are measured, and why others are not.
 *
 * @param root the folder of the project
 * @param chosen those that are measured
 * @param left who is left out, by reason
 */
record Selection(Path root, List<Contestant> chosen, Map<String, List<String>> left) {

    /** Chooses those that {@code with} names, separated by semicolons, or all; of these, those that are installed. */
    static Selection of(List<Contestant> all, Settings settings) {
        Path root = Path.of(settings.text("root", "."));
        List<String> names = List.of(settings.text("with", "").split(";"));
        List<Contestant> chosen = new ArrayList<>();
        Map<String, List<String>> left = new LinkedHashMap<>();
        for (Contestant one : all) {
            if (!names.contains("") && !names.contains(one.name())) {
                continue;
            }
            String missing = one.missing(root);
            if (missing.isEmpty()) {
                chosen.add(one);
            } else {
                left.computeIfAbsent(missing, reason -> new ArrayList<>()).add(one.name());
            }
        }
        return new Selection(root, chosen, left);
    }

    /** {@return a sentence for each reason why something is not measured} */
    String leftOut() {
        return left.entrySet().stream()
                .map(reason ->
                        "Not measured: " + String.join(", ", reason.getValue()) + ", because " + reason.getKey() + ".")
                .collect(Collectors.joining(" "));
    }
}
