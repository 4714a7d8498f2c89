package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Question;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The field {@code form} of a config: the schema of an answer, and how it is shown. Stateless. */
// The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class FormSettings {

    private static final List<String> HINTS = List.of("title", "description", "submitLabel", "cancelLabel");

    private FormSettings() {}

    /** Adds the rules of the field that holds a form. */
    static ConfigRules form(ConfigRules rules, FormValidator forms) {
        ConfigRules inside = new ConfigRules()
                .optional("schema", "a JSON Schema: an object, or true or false", FormSettings::isSchema)
                .optional("defaultValues", "what the form begins with", ConfigRules::isAnything);
        for (String hint : HINTS) {
            inside.optional(hint, "a text", ConfigRules::isLabel);
        }
        inside.rule(form -> wrongSchema(form.get("schema"), forms));
        return rules.optional("form", "an object", ConfigRules::isObject).inside("form", inside);
    }

    private static boolean isSchema(@Nullable Object value) {
        return value instanceof Map || value instanceof Boolean;
    }

    /** A rule: the schema must be one. What holds templates is only known when it runs. */
    private static @Nullable String wrongSchema(@Nullable Object schema, FormValidator forms) {
        if (!isSchema(schema) || ConfigRules.hasTemplate(schema)) {
            return null;
        }
        try {
            forms.compile(schema);
            return null;
        } catch (FlowScriptException e) {
            return e.getMessage();
        }
    }

    /** The question that a form asks. */
    static Question question(Value form) {
        Object schema = form.get("schema").raw();
        Question question = schema == null ? Question.open() : Question.form(schema);
        return question.hints(HumanSettings.hints(form, HINTS))
                .defaults(form.get("defaultValues").raw());
    }

    /** The question of a form as it is written; null when that is only known when it runs. */
    static @Nullable Question asWritten(@Nullable Object form) {
        if (ConfigRules.hasTemplate(form)) {
            return null;
        }
        Value written = form instanceof Map ? Value.of(form) : Value.of(Map.of());
        Object schema = written.get("schema").raw();
        return schema == null || isSchema(schema) ? question(written) : null;
    }
}
