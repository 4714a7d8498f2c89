package io.flowscript.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.text.JsonText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secret texts and numbers of a state, to be masked wherever they turn up: in the data of an edge, the payload of an
 * event, a message of an error. True, false, null and the empty text are not masked, for they tell nothing by themselves.
 * Immutable.
 */
final class SecretValues {

    /** How many texts and numbers are compared with; with more of them, all is masked. */
    private static final int MAX_VALUES = 256;

    /** A shorter secret is masked in a text only where it is a word. */
    private static final int SHORTEST_PART = 4;

    private static final int MAX_CAUSES = 20;

    static final SecretValues NONE = new SecretValues(List.of());

    /** The secrets as texts, the longest first; null when there are too many. */
    private final @Nullable List<String> texts;

    private SecretValues(@Nullable List<String> texts) {
        this.texts = texts;
    }

    /**
     * Returns the secret values of a state and of the one before it, since a step may remove a secret that its data still has.
     */
    static SecretValues of(
            SecretPaths paths, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
        if (paths.isEmpty()) {
            return NONE;
        }
        Set<String> found = new HashSet<>();
        for (JsonPath path : paths.paths()) {
            collect(path.find(before).raw(), found);
            collect(path.find(after).raw(), found);
        }
        if (found.size() > MAX_VALUES) {
            return new SecretValues(null);
        }
        List<String> texts = new ArrayList<>(found);
        texts.sort(Comparator.comparingInt(String::length).reversed());
        return texts.isEmpty() ? NONE : new SecretValues(texts);
    }

    /** The recursion is as deep as the value, and the depth of frozen values is limited. */
    private static void collect(@Nullable Object value, Set<String> found) {
        if (found.size() > MAX_VALUES) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            map.values().forEach(each -> collect(each, found));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> collect(each, found));
        } else if (value instanceof Number number) {
            found.add(number.toString());
            found.add(JsonText.number(number)); // as it is in a text
        } else if (value instanceof String text && !text.isEmpty()) {
            found.add(text);
            String quoted =
                    JsonText.of(text, Integer.MAX_VALUE); // as it is in the JSON of a list or an object in a text
            found.add(quoted.substring(1, quoted.length() - 1));
        }
    }

    /** {@return a frozen value with the secrets masked in it; the given one when it has none} */
    @Nullable
    Object mask(@Nullable Object value) {
        if (texts != null && texts.isEmpty()) {
            return value;
        }
        if (value instanceof String text) {
            return mask(text);
        }
        if (value instanceof Number number) {
            return texts == null || texts.contains(JsonText.number(number)) ? SecretPaths.MASK : value;
        }
        if (value instanceof List<?> list) {
            return Json.freeze(list.stream().map(this::mask).toList());
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> masked = new LinkedHashMap<>();
            map.forEach((key, each) -> masked.put(mask((String) key), mask(each)));
            return Json.object(masked);
        }
        return value;
    }

    /** {@return a text with the secrets masked in it} */
    String mask(String text) {
        if (texts == null) {
            return SecretPaths.MASK;
        }
        String masked = text;
        for (String secret : texts) {
            masked = mask(masked, secret);
        }
        return masked;
    }

    private static String mask(String text, String secret) {
        int at = text.indexOf(secret);
        if (at < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        while (at >= 0) {
            int end = at + secret.length();
            if (secret.length() >= SHORTEST_PART || isWord(text, at, end)) {
                out.append(text, copied, at).append(SecretPaths.MASK);
                copied = end;
                at = text.indexOf(secret, end);
            } else {
                at = text.indexOf(secret, at + 1);
            }
        }
        return out.append(text, copied, text.length()).toString();
    }

    private static boolean isWord(String text, int start, int end) {
        return (start == 0 || !Character.isLetterOrDigit(text.charAt(start - 1)))
                && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
    }

    /** {@return what is logged of something that was thrown: itself when there is no secret, otherwise a copy} */
    Throwable mask(Throwable thrown) {
        return texts != null && texts.isEmpty() ? thrown : new Masked(thrown, this, MAX_CAUSES);
    }

    /** A thrown thing for the log, with the place where it was thrown, and with the secrets masked in its text. */
    private static final class Masked extends Exception {

        private static final long serialVersionUID = 1L;

        Masked(Throwable thrown, SecretValues secrets, int causes) {
            super(text(thrown, secrets), cause(thrown, secrets, causes), false, true);
            setStackTrace(thrown.getStackTrace());
        }

        private static String text(Throwable thrown, SecretValues secrets) {
            String message = Guard.message(thrown);
            return thrown.getClass().getName() + (message == null ? "" : ": " + secrets.mask(message));
        }

        private static @Nullable Throwable cause(Throwable thrown, SecretValues secrets, int causes) {
            Throwable cause = Guard.cause(thrown);
            return cause == null || causes == 0 ? null : new Masked(cause, secrets, causes - 1);
        }
    }
}
