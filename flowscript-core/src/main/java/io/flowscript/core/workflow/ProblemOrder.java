package io.flowscript.core.workflow;

import io.flowscript.core.text.JsonPointer;
import io.flowscript.core.workflow.Problem.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sorts problems by their position in the document and limits their number. */
final class ProblemOrder {

    private ProblemOrder() {}

    static List<Problem> sorted(Map<String, @Nullable Object> document, List<Problem> problems) {
        IdentityHashMap<Problem, int[]> places = new IdentityHashMap<>();
        for (Problem problem : problems) {
            places.put(problem, place(document, problem.pointer()));
        }
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort((a, b) -> Arrays.compare(places.get(a), places.get(b)));
        return sorted.size() <= WorkflowDefinition.MAX_PROBLEMS ? List.copyOf(sorted) : shortened(sorted);
    }

    /** Keeps errors before warnings when not all problems can be kept, because errors must be corrected. */
    private static List<Problem> shortened(List<Problem> sorted) {
        List<Problem> kept = new ArrayList<>(sorted);
        kept.removeIf(problem -> !problem.isError());
        boolean onlyWarnings = kept.isEmpty();
        if (onlyWarnings) {
            kept.addAll(sorted);
        }
        if (kept.size() > WorkflowDefinition.MAX_PROBLEMS) {
            kept.subList(WorkflowDefinition.MAX_PROBLEMS, kept.size()).clear();
        }
        kept.add(new Problem(
                onlyWarnings ? Severity.WARNING : Severity.ERROR,
                "",
                "too_many_problems",
                "And " + (sorted.size() - kept.size()) + " more problems",
                null));
        return List.copyOf(kept);
    }

    /** Which entry of the document, which entry of that, and so on: what can be compared. */
    private static int[] place(Map<String, @Nullable Object> document, String pointer) {
        List<String> parts = JsonPointer.parts(pointer);
        int[] place = new int[parts.size()];
        Object at = document;
        for (int i = 0; i < place.length; i++) {
            String part = parts.get(i);
            if (at instanceof Map<?, ?> map) {
                int index = new ArrayList<>(map.keySet()).indexOf(part);
                place[i] = index < 0 ? Integer.MAX_VALUE : index;
                at = map.get(part);
            } else if (at instanceof List<?> items && part.matches("[0-9]{1,9}")) {
                place[i] = Integer.parseInt(part);
                at = place[i] < items.size() ? items.get(place[i]) : null;
            }
        }
        return place;
    }
}
