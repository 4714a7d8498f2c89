package io.flowscript.json.codec;

import io.flowscript.core.FlowScriptException;

/**
 * A text is not JSON, or breaks a bound of its reader. The message says what and where and holds nothing but what the text itself
 * says, so it may be shown to whoever wrote the text. Codes: {@code invalid_json}, {@code json_too_deep}.
 *
 * @since 0.1.0
 */
public final class MalformedJsonException extends FlowScriptException {

    /** The code of a text that is not JSON. */
    public static final String INVALID_JSON = "invalid_json";

    /** The code of a text that is nested deeper than its reader takes. */
    public static final String TOO_DEEP = "json_too_deep";

    private static final long serialVersionUID = 1L;

    MalformedJsonException(String code, String message) {
        super(code, message);
    }
}
