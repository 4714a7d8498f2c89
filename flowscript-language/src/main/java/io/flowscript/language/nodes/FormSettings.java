package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Question;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The config field {@code form}: the schema of an answer, and how the form is shown. Stateless. */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class FormSettings {

    private static final List<String> HINTS = List.of("title", "description", "submitLabel", "cancelLabel");

    private FormSettings() {}

    /** Adds the rules of the field that holds a form. */
    static ConfigRules form(ConfigRules rules, FormValidator forms) {
        ConfigRules inside = new ConfigRules()
                .optional("schema", "a JSON Schema: an object, or true or false", FormSettings::isSchema)
                .optional("defaultValues", "the form's initial values", ConfigRules::isAnything);
        for (String hint : HINTS) {
            inside.optional(hint, "a text", ConfigRules::isLabel);
        }
        inside.rule(form -> wrongSchema(form.get("schema"), forms));
        return rules.optional("form", "an object", ConfigRules::isObject).inside("form", inside);
    }

    private static boolean isSchema(@Nullable Object value) {
        return value instanceof Map || value instanceof Boolean;
    }

    /** Rule: the schema must be valid. A schema that contains templates is checked when the node runs. */
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

    /** Creates the question that a form asks. */
    static Question question(Value form) {
        Object schema = form.get("schema").raw();
        Question question = schema == null ? Question.open() : Question.form(schema);
        return question.hints(HumanSettings.hints(form, HINTS))
                .defaults(form.get("defaultValues").raw());
    }

    /** Creates the question of a form as it is written; null if it is known only when the node runs. */
    static @Nullable Question asWritten(@Nullable Object form) {
        if (ConfigRules.hasTemplate(form)) {
            return null;
        }
        Value written = form instanceof Map ? Value.of(form) : Value.of(Map.of());
        Object schema = written.get("schema").raw();
        return schema == null || isSchema(schema) ? question(written) : null;
    }
}
