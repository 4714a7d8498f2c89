package io.flowscript.json.protocol;

import io.flowscript.core.log.Position;
import java.util.Optional;

/**
 * A position as one string, which REST and server-sent events use (protocol, section 5): the epoch, a colon, and the
 * number of the last event seen.
 *
 * @since 0.1.0
 */
public final class PositionText {

    private static final int MAX_LENGTH = 280;

    private PositionText() {}

    /**
     * Writes a position.
     *
     * @param epoch the epoch that the number belongs to
     * @param seq the number of the last event seen, 0 for none
     * @return the text
     */
    public static String of(String epoch, long seq) {
        return epoch + ":" + seq;
    }

    /**
     * Reads a position. Only a text as written by {@link #of} is valid.
     *
     * @param text what a client sent
     * @return the position; empty when the text is not valid
     */
    public static Optional<Position> parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean printable = text.length() <= MAX_LENGTH && text.chars().allMatch(c -> c > ' ' && c <= '~');
        if (colon < 1 || !printable) {
            return Optional.empty();
        }
        String number = text.substring(colon + 1);
        try {
            long seq = Long.parseLong(number);
            return seq >= 0 && number.equals(Long.toString(seq))
                    ? Optional.of(Position.after(text.substring(0, colon), seq))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
