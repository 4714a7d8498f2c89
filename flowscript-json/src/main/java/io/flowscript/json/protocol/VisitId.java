package io.flowscript.json.protocol;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of a visit in its two forms: as the engine has it, which is unique within one execution, and as clients of the
 * first version have it, which is unique among all executions.
 */
final class VisitId {

    private static final char OF = '@';
    private static final Pattern WITHIN = Pattern.compile(".*-[0-9]+", Pattern.DOTALL);

    private VisitId() {}

    /** The form that is unique among all executions, such as {@code approve-3@expense-7}. */
    static String unique(String nodeId, String executionId) {
        return nodeId + OF + executionId;
    }

    /** The form that is unique within the execution, of an id in either form. */
    static @Nullable String within(@Nullable String nodeId, String executionId) {
        if (nodeId == null || !nodeId.endsWith(OF + executionId)) {
            return nodeId;
        }
        String within = nodeId.substring(0, nodeId.length() - executionId.length() - 1);
        return WITHIN.matcher(within).matches() ? within : nodeId;
    }
}
