package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.RecentlyUsed;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.FormValidator.Form;
import io.flowscript.core.runtime.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the most recently used compiled forms, so that a schema is not compiled again for each answer. Safe for
 * use by any thread; no lock is held while the validator works.
 */
final class FormCache {

    private static final int MAX_FORMS = 256;

    /** The greatest weight of the schemas of all forms in the cache. A compiled form takes several times as much. */
    private static final long MAX_WEIGHT = 2L << 20;

    private final @Nullable FormValidator validator;
    private final RecentlyUsed<Object, Form> read = new RecentlyUsed<>(MAX_FORMS, MAX_WEIGHT);

    FormCache(@Nullable FormValidator validator) {
        this.validator = validator;
    }

    /**
     * Compiles a schema only to check that it is valid.
     *
     * @param schema null for none
     * @throws FlowScriptException with code {@code invalid_schema} or {@code no_form_validator}
     */
    void check(@Nullable Object schema) {
        if (schema != null) {
            form(schema);
        }
    }

    /** Returns all violations of a schema; none when there is no schema. */
    List<Violation> violations(@Nullable Object schema, @Nullable Object answer) {
        return schema == null ? List.of() : form(schema).validate(answer);
    }

    private Form form(Object schema) {
        Form known = read.get(schema);
        if (known != null) {
            return known;
        }
        if (validator == null) {
            throw new FlowScriptException(
                    "no_form_validator",
                    "There is a schema, but this engine cannot check what people fill in; "
                            + "add flowscript-language, or set forms(...)");
        }
        Form form = validator.compile(schema);
        read.put(schema, form, Json.weight(schema));
        return form;
    }
}
