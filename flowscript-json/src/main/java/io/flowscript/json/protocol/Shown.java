package io.flowscript.json.protocol;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Question;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client is shown of the fields of a message or a resource. For one thread. */
final class Shown {

    /** The texts that can be hidden. The others are ids, codes and names that clients need. */
    private static final Set<String> TEXTS = Set.of("error", "reason", "by", "assignees", "groups", "seenBy");

    private Redaction redaction = Redaction.NONE;

    /** Sets what is hidden of the fields from now on. */
    void redact(Redaction hidden) {
        redaction = hidden;
    }

    Redaction redaction() {
        return redaction;
    }

    @Nullable
    String text(String field, @Nullable String value) {
        return value != null && isHiddenText(field) ? Redaction.MASK : value;
    }

    List<String> texts(String field, List<String> values) {
        return isHiddenText(field) ? List.of(Redaction.MASK) : values;
    }

    private boolean isHiddenText(String field) {
        return !redaction.isNone() && TEXTS.contains(field) && hides(field);
    }

    /** Whether the whole value of a field is hidden. */
    boolean hides(String field) {
        return !redaction.isNone() && redaction.of(field).hidesAll();
    }

    /** What is shown of a value that is not hidden as a whole. */
    @Nullable
    Object value(String field, @Nullable Object frozen) {
        return redaction.isNone() ? frozen : redaction.of(field).shown(frozen);
    }

    /** The hash of what is shown, since a short value that is hidden could be guessed from the hash of all. */
    // The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
    @SuppressWarnings("NullAway")
    @Nullable
    String contextHash(@Nullable Map<String, @Nullable Object> context) {
        if (context == null || redaction.isNone()) {
            return Question.contextHash(context);
        }
        return hides("contextData")
                ? null
                : Question.contextHash(Value.of(value("contextData", context)).asMap());
    }
}
