package io.flowscript.events.inbox;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Question;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Searches the parts of an interaction that a person sees for a text, ignoring case. It reads at most a given number of
 * characters of one interaction. For one thread.
 */
final class TextSearch {

    private final String text;
    private final int maxCharacters;
    private int remaining;

    TextSearch(String text, int maxCharacters) {
        this.text = text;
        this.maxCharacters = maxCharacters;
    }

    boolean finds(Interaction interaction) {
        return finds(interaction, Redaction.NONE);
    }

    /** Searches what a person sees from whom something is hidden. */
    boolean finds(Interaction interaction, Redaction redaction) {
        remaining = maxCharacters;
        Question question = interaction.question();
        return contains(interaction.nodeName())
                || (question != null
                        && (contains(shown(redaction.of("reason"), question.reason()))
                                || titleContains(shown(redaction.of("formSchema"), question.schema()))
                                || titleContains(shown(redaction.of("uiHints"), question.uiHints()))
                                || contains(shown(redaction.of("contextData"), question.context()))));
    }

    private static @Nullable Object shown(Redaction redaction, @Nullable Object value) {
        return redaction.hidesAll() ? null : redaction.shown(value);
    }

    /** Returns how many characters the last search read. */
    int searched() {
        return maxCharacters - Math.max(0, remaining);
    }

    private boolean titleContains(@Nullable Object form) {
        return form instanceof Map<?, ?> fields
                && (contains(fields.get("title")) || contains(fields.get("description")));
    }

    /** Recursion is bounded by {@link io.flowscript.core.json.Json#MAX_DEPTH}. */
    private boolean contains(@Nullable Object value) {
        if (value instanceof String where) {
            return textContains(where);
        }
        // Each value costs one character.
        remaining--;
        if (value instanceof Map<?, ?> map) {
            for (Object inner : map.values()) {
                if (remaining <= 0) {
                    return false;
                }
                if (contains(inner)) {
                    return true;
                }
            }
        } else if (value instanceof List<?> list) {
            for (Object inner : list) {
                if (remaining <= 0) {
                    return false;
                }
                if (contains(inner)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean textContains(String where) {
        int end = Math.min(where.length(), remaining) - text.length();
        remaining -= Math.max(1, where.length());
        for (int at = 0; at <= end; at++) {
            if (where.regionMatches(true, at, text, 0, text.length())) {
                return true;
            }
        }
        return false;
    }
}
