package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Question;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks for a text in what a person sees of an interaction, as far as so many characters. For one thread. */
final class TextSearch {

    private final String text;
    private final int maxCharacters;
    private int left;

    TextSearch(String text, int maxCharacters) {
        this.text = text;
        this.maxCharacters = maxCharacters;
    }

    boolean finds(Interaction interaction) {
        left = maxCharacters;
        Question question = interaction.question();
        return in(interaction.nodeName())
                || (question != null
                        && (in(question.reason())
                                || inHead(question.schema())
                                || inHead(question.uiHints())
                                || in(question.context())));
    }

    /** How many characters were searched the last time. */
    int searched() {
        return maxCharacters - Math.max(0, left);
    }

    private boolean inHead(@Nullable Object form) {
        return form instanceof Map<?, ?> fields && (in(fields.get("title")) || in(fields.get("description")));
    }

    /** The depth of a value is bounded by {@link io.flowscript.core.json.Json#MAX_DEPTH}. */
    private boolean in(@Nullable Object value) {
        if (value instanceof String where) {
            return inText(where);
        }
        // Also walking costs.
        left--;
        if (value instanceof Map<?, ?> map) {
            for (Object inner : map.values()) {
                if (left <= 0) {
                    return false;
                }
                if (in(inner)) {
                    return true;
                }
            }
        } else if (value instanceof List<?> list) {
            for (Object inner : list) {
                if (left <= 0) {
                    return false;
                }
                if (in(inner)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean inText(String where) {
        int end = Math.min(where.length(), left) - text.length();
        left -= Math.max(1, where.length());
        for (int at = 0; at <= end; at++) {
            if (where.regionMatches(true, at, text, 0, text.length())) {
                return true;
            }
        }
        return false;
    }
}
