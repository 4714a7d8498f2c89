package io.flowscript.json.codec;

import io.flowscript.core.FlowScriptException;

/**
 * Thrown when a text is not JSON or exceeds a limit of its reader. The message names the problem and its place, and
 * quotes only the text itself; it may be shown to the text's author. Codes: {@code invalid_json},
 * {@code json_too_deep}.
 *
 * @since 0.1.0
 */
public final class MalformedJsonException extends FlowScriptException {

    /** The code of a text that is not JSON. */
    public static final String INVALID_JSON = "invalid_json";

    /** The code of a text with deeper nesting than its reader permits. */
    public static final String TOO_DEEP = "json_too_deep";

    private static final long serialVersionUID = 1L;

    MalformedJsonException(String code, String message) {
        super(code, message);
    }
}
