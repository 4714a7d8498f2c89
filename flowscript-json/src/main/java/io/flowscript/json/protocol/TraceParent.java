package io.flowscript.json.protocol;

import io.flowscript.core.observe.FlowScriptTracer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code traceparent} of the W3C's Trace Context: which span somebody has who sends a command (protocol, section 1).
 *
 * @since 0.1.0
 */
public final class TraceParent {

    private static final String IDS = "-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";

    /** Versions after the first may have more at the end. */
    private static final Pattern FORM = Pattern.compile("00" + IDS + "|(?!00|ff)[0-9a-f]{2}" + IDS + "(-[!-~]*)?");

    private TraceParent() {}

    /**
     * Returns a value if it is one of this field. Any other is to be ignored.
     *
     * @param value what somebody has sent; null for nothing
     * @return the value, at most {@link FlowScriptTracer#MAX_CONTEXT} characters; null when it does not have the form
     */
    public static @Nullable String of(@Nullable Object value) {
        return value instanceof String text
                        && text.length() <= FlowScriptTracer.MAX_CONTEXT
                        && FORM.matcher(text).matches()
                ? text
                : null;
    }
}
