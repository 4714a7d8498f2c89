package io.flowscript.language.nodes;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The config field {@code sendBack} of {@code approve}: who is asked when the deciders need more information.
 * Stateless.
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class SendBackSetting {

    private static final int DEFAULT_ROUNDS = 10;
    private static final int MAX_ROUNDS = 100;

    private static final Question QUESTION = Question.form(Map.of(
            "type",
            "object",
            "properties",
            Map.of(InformationRounds.FIELD, Map.of("type", "string", "minLength", 1, "maxLength", 10_000)),
            "required",
            List.of(InformationRounds.FIELD)));

    private SendBackSetting() {}

    static ConfigRules rules(FormValidator forms) {
        return HumanSettings.assignmentAndTimeout(FormSettings.form(new ConfigRules(), forms))
                .optional("rounds", "a whole number from 1 to " + MAX_ROUNDS, ConfigRules.isWhole(1, MAX_ROUNDS))
                .rule(HumanSettings::requiredAssignment);
    }

    /** Returns how many requests for information are allowed. */
    static int rounds(Value config) {
        return config.get("rounds").orElse(DEFAULT_ROUNDS).asInt();
    }

    /** Asks for the information last requested, and shows all earlier rounds. */
    static Outcome ask(ExecutionContext context, Value config, InformationRounds information) {
        Value form = config.get("form");
        Question question = form.get("schema").isNull() ? QUESTION : FormSettings.question(form);
        Map<String, @Nullable Object> hints = new LinkedHashMap<>();
        hints.put("title", "More information, please");
        Object asked = information.question();
        if (asked != null) {
            hints.put("description", asked);
        }
        if (FormSettings.question(form).uiHints() instanceof Map<?, ?> own) {
            own.forEach((name, hint) -> hints.put((String) name, hint));
        }
        Map<String, @Nullable Object> shown = HumanSettings.shown(context);
        Question shows = shown.isEmpty() ? question : question.showing(shown);
        return information
                .shownWith(HumanSettings.assignmentAndTimeout(shows.hints(hints), config))
                .ask(information.memo());
    }
}
