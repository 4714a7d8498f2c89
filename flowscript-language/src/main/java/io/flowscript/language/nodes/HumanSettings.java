package io.flowscript.language.nodes;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.text.Durations;
import io.flowscript.core.text.JsonText;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The config fields of every node that asks people: who is asked, until when, what is shown, and where the answer is
 * stored. Stateless.
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class HumanSettings {

    private static final String NAMES = "a name, or an array of names";
    private static final String TIME =
            "a number of milliseconds, or an ISO 8601 duration such as \"P2D\", more than 0 and at most 100 years";
    private static final String TIMES = "a time after which people are reminded, or an array of such: each " + TIME;
    private static final String[] NO_NAMES = {};
    private static final Duration[] NO_TIMES = {};

    private HumanSettings() {}

    /** Adds the rules of all these fields. */
    static ConfigRules all(ConfigRules rules) {
        return assignmentAndTimeout(rules)
                .optional("notBy", NAMES, ConfigRules::isNames)
                .optional("onTimeout", OnTimeoutSetting.EXPECTED, OnTimeoutSetting::fits)
                .inside("onTimeout", OnTimeoutSetting.RULES)
                .optional("contextKeys", "an array of paths into the state", ConfigRules::isPaths)
                .optional("stateKey", "a path into the state, for the answer", ConfigRules::isPath)
                .optional("reason", "a text", ConfigRules::isLabel)
                .rule(OnTimeoutSetting::withoutTimeout);
    }

    /** Adds the rules of the fields for who is asked and until when. */
    static ConfigRules assignmentAndTimeout(ConfigRules rules) {
        return rules.optional("assignees", NAMES, ConfigRules::isNames)
                .optional("groups", NAMES, ConfigRules::isNames)
                .optional("timeout", TIME, ConfigRules::isTimeout)
                .optional("reminders", TIMES, ConfigRules::isTimes)
                .optional(
                        "escalate",
                        "an object such as {\"after\": \"P1D\", \"groups\": \"directors\"}, or an array of such",
                        ConfigRules::isObjects)
                .inside(
                        "escalate",
                        new ConfigRules()
                                .required("after", TIME, ConfigRules::isTimeout)
                                .optional("assignees", NAMES, ConfigRules::isNames)
                                .optional("groups", NAMES, ConfigRules::isNames)
                                .rule(HumanSettings::requiredAssignment))
                .rule(HumanSettings::afterTimeout);
    }

    /** Rule: assignees or groups must be named. */
    static @Nullable String requiredAssignment(Map<String, @Nullable Object> config) {
        return config.containsKey("assignees") || config.containsKey("groups")
                ? null
                : "name \"assignees\" or \"groups\", or both";
    }

    /** Rule: reminders and escalations must come before the timeout. */
    private static @Nullable String afterTimeout(Map<String, @Nullable Object> config) {
        Duration timeout = time(config.get("timeout"));
        if (timeout == null) {
            return null;
        }
        for (Object after : ConfigRules.items(config.get("reminders"))) {
            Duration time = time(after);
            if (time != null && time.compareTo(timeout) >= 0) {
                return "\"reminders\": " + after + " must be before the timeout; after it, nobody is reminded";
            }
        }
        for (Object escalation : ConfigRules.items(config.get("escalate"))) {
            Object after = escalation instanceof Map<?, ?> fields ? fields.get("after") : null;
            Duration time = time(after);
            if (time != null && time.compareTo(timeout) >= 0) {
                return "\"escalate\": " + after + " must be before the timeout; after it, nothing is escalated";
            }
        }
        return null;
    }

    private static @Nullable Duration time(@Nullable Object value) {
        try {
            return value == null ? null : Durations.of(value);
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /** Applies all settings of a step to a question. */
    static Question apply(Question question, ExecutionContext context) {
        Value config = context.config();
        Question asked = assignmentAndTimeout(question, config);
        String[] notBy = names(config.get("notBy")).toArray(NO_NAMES);
        if (notBy.length > 0) {
            asked = asked.notBy(notBy);
        }
        Value reason = config.get("reason");
        if (!reason.isNull()) {
            asked = asked.because(JsonText.inText(reason.raw(), Integer.MAX_VALUE));
        }
        return config.get("contextKeys").isNull() ? asked : asked.showing(shown(context));
    }

    /** Applies who is asked and until when to a question. */
    static Question assignmentAndTimeout(Question question, Value config) {
        Question asked = question.assigned(assignment(config));
        Object timeout = config.get("timeout").raw();
        if (timeout != null) {
            asked = asked.within(Durations.of(timeout));
        }
        List<Duration> reminders = ConfigRules.items(config.get("reminders").raw()).stream()
                .map(Durations::of)
                .toList();
        if (!reminders.isEmpty()) {
            asked = asked.remind(reminders.toArray(NO_TIMES));
        }
        for (Object item : ConfigRules.items(config.get("escalate").raw())) {
            Value escalation = Value.of(item);
            asked = asked.escalate(Durations.of(escalation.asMap().get("after")), assignment(escalation));
        }
        return asked;
    }

    private static Assignment assignment(Value config) {
        return new Assignment(names(config.get("assignees")), names(config.get("groups")));
    }

    private static List<String> names(Value names) {
        return ConfigRules.items(names.raw()).stream().map(String.class::cast).toList();
    }

    /**
     * Returns the values of the state that the person needs to see, by their keys as written. Missing values are left
     * out.
     */
    static Map<String, @Nullable Object> shown(ExecutionContext context) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        for (Object key : ConfigRules.items(context.config().get("contextKeys").raw())) {
            JsonPath path = JsonPath.parse((String) key);
            Value found = context.state().get((String) key);
            if (!found.isMissing()) {
                // "amount" for $.amount and state.amount
                shown.put(path.toString().replaceFirst("^\\$\\.?", ""), found.raw());
            }
        }
        return shown;
    }

    /** Returns display hints: those of the given config fields that are present. Null if there are none. */
    static @Nullable Map<String, @Nullable Object> hints(Value config, List<String> fields) {
        Map<String, @Nullable Object> hints = new LinkedHashMap<>();
        for (String field : fields) {
            Value value = config.get(field);
            if (!value.isNull()) {
                hints.put(field, value.raw());
            }
        }
        return hints.isEmpty() ? null : hints;
    }

    /** Returns the name of the person who answered; null if it is not known. */
    static @Nullable String name(Answer answer) {
        Identity by = answer.by();
        return by == null || by.equals(Identity.ANONYMOUS) ? null : by.name();
    }

    /**
     * Leaves by an edge with data. The data is also written to the path that the config names.
     *
     * @param otherwise the path if the config names none; null to write it nowhere then
     */
    static Edge leave(ExecutionContext context, String edge, @Nullable Object data, @Nullable String otherwise) {
        Object path = context.config().get("stateKey").raw();
        if (path instanceof String || otherwise != null) {
            context.state().set(path instanceof String text ? text : otherwise, data);
        }
        return Edge.of(edge, data);
    }
}
