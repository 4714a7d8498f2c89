package io.flowscript.engine.program;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.NodeMetadata;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.text.Durations;
import io.flowscript.core.text.JsonPointer;
import io.flowscript.core.text.Printable;
import io.flowscript.core.workflow.Element.Step;
import io.flowscript.core.workflow.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the settings beside a step's config, and reports what is wrong with them. For use by one thread. */
final class StepSettingsReader {

    private static final List<String> RETRY_FIELDS = List.of("attempts", "delay", "factor", "maxDelay", "jitter");
    private static final int MAX_ATTEMPTS = 1_000;
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_DELAY = Duration.ofMinutes(5);

    private final Step step;
    private final List<Problem> problems;

    StepSettingsReader(Step step, List<Problem> problems) {
        this.step = step;
        this.problems = problems;
    }

    StepSettings read(NodeMetadata metadata) {
        return new StepSettings(
                stateKey(step.settings().get(Step.STATE_KEY)),
                retry(step.settings().get(Step.RETRY)),
                timeout(step.settings().get(Step.TIMEOUT), metadata));
    }

    private @Nullable JsonPath stateKey(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        JsonPath path = value instanceof String text ? path(text) : JsonPath.ROOT;
        if (path.segments().isEmpty()) {
            wrong(pointer(Step.STATE_KEY), Step.STATE_KEY, "a path into the state such as \"$.price\"", value);
            return null;
        }
        return path;
    }

    private static JsonPath path(String text) {
        try {
            return JsonPath.parse(text);
        } catch (JsonException e) {
            return JsonPath.ROOT;
        }
    }

    private @Nullable Duration timeout(@Nullable Object value, NodeMetadata metadata) {
        if (value != null && metadata.type() == NodeType.HUMAN) {
            problems.add(Problem.error(
                    pointer(Step.TIMEOUT),
                    "invalid_step_setting",
                    "\"timeout\" beside the config limits how long a node works, and waiting for people is no work; write"
                            + " how long people may answer into the config: {\"" + step.node()
                            + "\": {\"timeout\": \"P2D\"}}"));
            return null;
        }
        return value == null ? null : duration(Step.TIMEOUT, value, pointer(Step.TIMEOUT), true);
    }

    private @Nullable RetryPolicy retry(@Nullable Object value) {
        String place = pointer(Step.RETRY);
        if (!(value instanceof Map<?, ?> map)) {
            if (value != null) {
                wrong(place, Step.RETRY, "an object such as {\"attempts\": 3, \"delay\": \"PT1S\"}", value);
            }
            return null;
        }
        int before = problems.size();
        Map<String, @Nullable Object> fields = Value.of(map).asMap();
        fields.keySet().stream()
                .filter(field -> !RETRY_FIELDS.contains(field))
                .forEach(field -> problems.add(
                        ConfigCompiler.unknownField(Step.RETRY, field, RETRY_FIELDS, JsonPointer.key(place, field))));
        int attempts = attempts(fields.get("attempts"), JsonPointer.key(place, "attempts"));
        Duration delay = delay("delay", DELAY, fields, place);
        Duration longest = delay("maxDelay", delay.compareTo(MAX_DELAY) > 0 ? delay : MAX_DELAY, fields, place);
        double factor = number("factor", 2, 1, 1_000, fields, place);
        double jitter = number("jitter", 0.5, 0, 1, fields, place);
        return problems.size() > before ? null : new RetryPolicy(attempts, delay, factor, longest, jitter);
    }

    private int attempts(@Nullable Object value, String place) {
        if (value instanceof Integer attempts && attempts >= 1 && attempts <= MAX_ATTEMPTS) {
            return attempts;
        }
        wrong(place, "attempts", "a whole number from 1 to " + MAX_ATTEMPTS, value);
        return 1;
    }

    private Duration delay(String field, Duration otherwise, Map<String, @Nullable Object> fields, String place) {
        Object value = fields.get(field);
        Duration delay = value == null ? null : duration(field, value, JsonPointer.key(place, field), false);
        return delay == null ? otherwise : delay;
    }

    private double number(
            String field,
            double otherwise,
            double from,
            double to,
            Map<String, @Nullable Object> fields,
            String place) {
        Object value = fields.get(field);
        if (value == null) {
            return otherwise;
        }
        double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
        if (number >= from && number <= to) {
            return number;
        }
        wrong(JsonPointer.key(place, field), field, "a number from " + (long) from + " to " + (long) to, value);
        return otherwise;
    }

    private @Nullable Duration duration(String field, Object value, String place, boolean moreThanZero) {
        if (Durations.isDuration(value, moreThanZero)) {
            return Durations.of(value);
        }
        wrong(
                place,
                field,
                "a number of milliseconds, or an ISO 8601 duration such as \"PT5S\","
                        + (moreThanZero ? " more than 0 and at most 100 years" : " at most 100 years"),
                value);
        return null;
    }

    private String pointer(String setting) {
        return JsonPointer.key(step.pointer(), setting);
    }

    private void wrong(String place, String field, String expected, @Nullable Object value) {
        String given = value instanceof String text
                ? "\"" + Printable.line(text, 100) + "\""
                : value instanceof Number || value instanceof Boolean
                        ? Printable.line(value.toString(), 100)
                        : value == null ? "nothing" : "a value of type " + Json.typeName(value);
        problems.add(Problem.error(
                place, "invalid_step_setting", "\"" + field + "\" is to be " + expected + ", not " + given));
    }
}
