package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The config field {@code form}: the schema of an answer, and how the form is shown. Stateless. */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class FormSettings {

    private static final List<String> HINTS = List.of("title", "description", "submitLabel", "cancelLabel");

    /** Keywords that a form can violate only because it is not finished, or by a choice that is not made yet. */
    private static final Set<String> OF_THE_UNFINISHED = Set.of(
            "required",
            "dependentRequired",
            "dependencies",
            "minProperties",
            "minItems",
            "contains",
            "minContains",
            "minLength",
            "anyOf",
            "oneOf",
            "not",
            "limit");

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
        inside.rule(form -> wrongDefaults(form, forms));
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

    /**
     * Rule: the initial values must be ones that can be sent. What is not filled in yet is no fault, and neither is a
     * template: it is checked when it is filled in.
     */
    private static @Nullable String wrongDefaults(Map<String, @Nullable Object> form, FormValidator forms) {
        Object schema = form.get("schema");
        Object defaults = known(form.get("defaultValues"));
        if (defaults == null
                || schema == null
                || wrongSchema(schema, forms) != null
                || ConfigRules.hasTemplate(schema)) {
            return null;
        }
        return forms.compile(schema).validate(Json.freeze(defaults)).stream()
                .filter(violation -> !OF_THE_UNFINISHED.contains(violation.keyword()))
                .findFirst()
                .map(violation -> "\"defaultValues\": " + violation.path() + " " + violation.message())
                .orElse(null);
    }

    /** Returns a value without the parts that are null, an empty text or have a template; null if nothing is left. */
    private static @Nullable Object known(@Nullable Object value) {
        if (value instanceof Map<?, ?> fields) {
            Map<Object, @Nullable Object> known = new LinkedHashMap<>();
            fields.forEach((name, field) -> {
                Object of = known(field);
                if (of != null) {
                    known.put(name, of);
                }
            });
            return known;
        }
        return "".equals(value) || ConfigRules.hasTemplate(value) ? null : value;
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
