package io.flowscript.language.nodes;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Question;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every node that asks people takes in its config: whom, until when, what is shown, and where the answer goes. Stateless. */
// The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class HumanSettings {

    private static final String NAMES = "a name, or an array of names";
    private static final String TIME =
            "a number of milliseconds, or an ISO 8601 duration such as \"P2D\", more than 0 and at most 100 years";
    private static final String TIMES = "a time after which people are reminded, or an array of such: each " + TIME;
    private static final String[] NO_NAMES = {};
    private static final Duration[] NO_TIMES = {};

    private HumanSettings() {}

    /** Adds the rules of all settings. */
    static ConfigRules all(ConfigRules rules) {
        return whomAndWhen(rules)
                .optional("notBy", NAMES, ConfigRules::isNames)
                .optional("onTimeout", OnTimeout.EXPECTED, OnTimeout::fits)
                .inside("onTimeout", OnTimeout.RULES)
                .optional("contextKeys", "an array of paths into the state", ConfigRules::isPaths)
                .optional("stateKey", "a path into the state, for the answer", ConfigRules::isPath)
                .optional("reason", "a text", ConfigRules::isLabel)
                .rule(OnTimeout::withoutTimeout);
    }

    /** Adds the rules of the settings that say whom a question is for, and until when. */
    static ConfigRules whomAndWhen(ConfigRules rules) {
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
                                .rule(HumanSettings::nobody)
                                .closed())
                .rule(HumanSettings::tooLate);
    }

    /** A rule: somebody must be named. */
    static @Nullable String nobody(Map<String, @Nullable Object> config) {
        return config.containsKey("assignees") || config.containsKey("groups")
                ? null
                : "name \"assignees\" or \"groups\", or both";
    }

    /** A rule: what comes at the timeout or after it never happens. */
    private static @Nullable String tooLate(Map<String, @Nullable Object> config) {
        Duration timeout = time(config.get("timeout"));
        if (timeout == null) {
            return null;
        }
        for (Object after : ConfigRules.items(config.get("reminders"))) {
            Duration time = time(after);
            if (time != null && time.compareTo(timeout) >= 0) {
                return "\"reminders\": " + after + " is not before the timeout, so it would never happen";
            }
        }
        for (Object escalation : ConfigRules.items(config.get("escalate"))) {
            Object after = escalation instanceof Map<?, ?> fields ? fields.get("after") : null;
            Duration time = time(after);
            if (time != null && time.compareTo(timeout) >= 0) {
                return "\"escalate\": " + after + " is not before the timeout, so it would never happen";
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

    /** The question with all settings of a step. */
    static Question apply(Question question, ExecutionContext context) {
        Value config = context.config();
        Question asked = whomAndWhen(question, config);
        String[] notBy = names(config.get("notBy")).toArray(NO_NAMES);
        if (notBy.length > 0) {
            asked = asked.notBy(notBy);
        }
        Value reason = config.get("reason");
        if (!reason.isNull()) {
            asked = asked.because(String.valueOf(reason.raw()));
        }
        return config.get("contextKeys").isNull() ? asked : asked.showing(shown(context));
    }

    /** The question with whom it is for, and until when. */
    static Question whomAndWhen(Question question, Value config) {
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

    /** What of the state the person needs to see, by the keys as they are written; what is not there is left out. */
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

    /** Hints for showing a question: those fields of a config that are there. Null when none is. */
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

    /** Who answered; null when nobody says, or nobody is known to have said. */
    static @Nullable String name(Answer answer) {
        Identity by = answer.by();
        return by == null || by.equals(Identity.ANONYMOUS) ? null : by.name();
    }

    /** Leaves by an edge with data, which is written into the state too where the config says so. */
    static Edge leave(ExecutionContext context, String edge, @Nullable Object data) {
        Value key = context.config().get("stateKey");
        if (!key.isNull()) {
            context.state().set(key.asString(), data);
        }
        return Edge.of(edge, data);
    }
}
