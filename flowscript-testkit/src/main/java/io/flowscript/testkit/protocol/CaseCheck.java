package io.flowscript.testkit.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks of a case that no schema can express: variables have a value before they are used, captured variables are
 * used, kinds exist, and a client is connected before it acts.
 */
final class CaseCheck {

    private static final Pattern KIND = Pattern.compile("\\$[A-Za-z]+");
    private static final Set<String> PATTERNS = Set.of("expect", "connected");

    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Set<String> clients = new HashSet<>();
    private int at;

    CaseCheck(List<Map<String, @Nullable Object>> steps) {
        CaseRun.GIVEN.forEach(name -> uses.put(name, 2));
        for (Map<String, @Nullable Object> step : steps) {
            at++;
            client(step);
            step.forEach((key, value) -> look(value, PATTERNS.contains(key)));
        }
        uses.forEach((name, count) -> {
            if (count < 2) {
                problems.add("variable ${" + name + "} is captured but never used; write a $kind instead");
            }
        });
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    private void client(Map<String, @Nullable Object> step) {
        Object on = step.getOrDefault("on", "client");
        if (step.containsKey("connect") || step.containsKey("stream")) {
            clients.add(String.valueOf(on));
        } else if (!step.containsKey("http") && !clients.contains(String.valueOf(on))) {
            problem("client \"" + on + "\" acts before it is connected");
        }
    }

    private void look(@Nullable Object value, boolean isPattern) {
        if (value instanceof Map<?, ?> object) {
            object.forEach((key, field) -> {
                if (isPattern && key instanceof String name && name.startsWith("$") && !isIncludes(name, field)) {
                    problem("\"" + name + "\" is no field by which something is expected; there is "
                            + JsonPattern.INCLUDES + ", with an array");
                }
                look(field, isPattern || PATTERNS.contains(key));
            });
        } else if (value instanceof List<?> list) {
            list.forEach(element -> look(element, isPattern));
        } else if (value instanceof String text) {
            look(text, isPattern);
        }
    }

    private static boolean isIncludes(String name, @Nullable Object field) {
        return name.equals(JsonPattern.INCLUDES) && field instanceof List;
    }

    private void look(String text, boolean isPattern) {
        if (isPattern && KIND.matcher(text).matches() && !JsonPattern.KINDS.contains(text)) {
            problem(text + " is not a kind; the kinds are "
                    + String.join(", ", JsonPattern.KINDS.stream().sorted().toList()));
        }
        boolean canFindOut = isPattern && Variables.whole(text) != null;
        for (String name : Variables.in(text)) {
            if (!canFindOut && !uses.containsKey(name)) {
                problem("variable ${" + name + "} has no value yet");
            }
            uses.merge(name, 1, Integer::sum);
        }
    }

    private void problem(String what) {
        problems.add("step " + at + ": " + what);
    }
}
