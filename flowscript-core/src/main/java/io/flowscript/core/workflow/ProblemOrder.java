package io.flowscript.core.workflow;

import io.flowscript.core.text.JsonPointer;
import io.flowscript.core.workflow.Problem.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts problems into the order of the document that they are about, and keeps no more of them than people read. */
final class ProblemOrder {

    private final IdentityHashMap<Map<?, ?>, Map<String, Integer>> keyOrders = new IdentityHashMap<>();
    private final Map<String, @Nullable Object> document;

    private ProblemOrder(Map<String, @Nullable Object> document) {
        this.document = document;
    }

    static List<Problem> sorted(Map<String, @Nullable Object> document, List<Problem> problems) {
        ProblemOrder order = new ProblemOrder(document);
        List<Problem> sorted = problems.stream()
                .map(problem -> Map.entry(order.place(problem.pointer()), problem))
                .sorted((a, b) -> Arrays.compare(a.getKey(), b.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        return sorted.size() <= WorkflowDefinition.MAX_PROBLEMS ? sorted : shortened(sorted);
    }

    /** Errors before warnings where not all can be kept, for it is errors that must be mended. */
    private static List<Problem> shortened(List<Problem> sorted) {
        boolean onlyWarnings = sorted.stream().noneMatch(Problem::isError);
        List<Problem> kept = new ArrayList<>(sorted.stream()
                .filter(problem -> problem.isError() || onlyWarnings)
                .limit(WorkflowDefinition.MAX_PROBLEMS)
                .toList());
        kept.add(new Problem(
                onlyWarnings ? Severity.WARNING : Severity.ERROR,
                "",
                "too_many_problems",
                "And " + (sorted.size() - kept.size()) + " more problems",
                null));
        return List.copyOf(kept);
    }

    /** Which entry of the document, which entry of that, and so on: what can be compared. */
    private int[] place(String pointer) {
        List<String> parts = JsonPointer.parts(pointer);
        int[] place = new int[parts.size()];
        Object at = document;
        for (int i = 0; i < place.length; i++) {
            String part = parts.get(i);
            if (at instanceof Map<?, ?> map) {
                place[i] = keyOrder(map).getOrDefault(part, Integer.MAX_VALUE);
                at = map.get(part);
            } else if (at instanceof List<?> items && part.matches("[0-9]{1,9}")) {
                place[i] = Integer.parseInt(part);
                at = place[i] < items.size() ? items.get(place[i]) : null;
            }
        }
        return place;
    }

    private Map<String, Integer> keyOrder(Map<?, ?> map) {
        return keyOrders.computeIfAbsent(map, any -> {
            Map<String, Integer> order = new HashMap<>();
            for (Object key : any.keySet()) {
                order.put((String) key, order.size());
            }
            return order;
        });
    }
}
