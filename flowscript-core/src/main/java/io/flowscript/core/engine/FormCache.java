package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.FormValidator.Form;
import io.flowscript.core.runtime.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the most recently used compiled forms, so that a schema is not compiled again for each answer. Safe for
 * use by any thread; no lock is held while the validator works.
 */
final class FormCache {

    private static final int KEPT = 256;

    private final @Nullable FormValidator validator;

    /** Ordered by use, the most recently used form last. */
    private final Map<Object, Form> read = new LinkedHashMap<>(16, 0.75f, true);

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
        Form known;
        synchronized (read) {
            known = read.get(schema);
        }
        if (known != null) {
            return known;
        }
        if (validator == null) {
            throw new FlowScriptException(
                    "no_form_validator",
                    "An interaction has a schema, but this engine cannot check answers; "
                            + "add flowscript-language, or set forms(...)");
        }
        Form form = validator.compile(schema);
        synchronized (read) {
            read.put(schema, form);
            if (read.size() > KEPT) {
                read.remove(read.keySet().iterator().next());
            }
        }
        return form;
    }
}
