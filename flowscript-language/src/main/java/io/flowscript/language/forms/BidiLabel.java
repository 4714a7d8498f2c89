package io.flowscript.language.forms;

import java.util.Set;

/**
 * The Bidi rule for the labels of a domain name in which a label is written from right to left (RFC 5893, section 2).
 * Stateless.
 */
final class BidiLabel {

    private static final Set<Byte> RIGHT_TO_LEFT =
            Set.of(Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC);

    /** Allowed in labels of both directions. */
    private static final Set<Byte> NEUTRAL = Set.of(
            Character.DIRECTIONALITY_EUROPEAN_NUMBER,
            Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR,
            Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR,
            Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR,
            Character.DIRECTIONALITY_OTHER_NEUTRALS,
            Character.DIRECTIONALITY_BOUNDARY_NEUTRAL,
            Character.DIRECTIONALITY_NONSPACING_MARK);

    private BidiLabel() {}

    static boolean hasRightToLeft(String label) {
        return label.codePoints()
                .mapToObj(Character::getDirectionality)
                .anyMatch(is -> RIGHT_TO_LEFT.contains(is) || is == Character.DIRECTIONALITY_ARABIC_NUMBER);
    }

    static boolean isValid(String label) {
        byte[] directions = directions(label);
        byte first = directions[0];
        byte last = directions[lastBase(directions)];
        if (first == Character.DIRECTIONALITY_LEFT_TO_RIGHT) {
            return has(directions, Set.of(first), false)
                    && (last == first || last == Character.DIRECTIONALITY_EUROPEAN_NUMBER);
        }
        return RIGHT_TO_LEFT.contains(first)
                && has(directions, RIGHT_TO_LEFT, true)
                && (RIGHT_TO_LEFT.contains(last) || isNumber(last))
                && !(contains(directions, Character.DIRECTIONALITY_EUROPEAN_NUMBER)
                        && contains(directions, Character.DIRECTIONALITY_ARABIC_NUMBER));
    }

    private static byte[] directions(String label) {
        int[] points = label.codePoints().toArray();
        byte[] directions = new byte[points.length];
        for (int i = 0; i < points.length; i++) {
            directions[i] = Character.getDirectionality(points[i]);
        }
        return directions;
    }

    /** Returns the index of the last character that is not a mark on another. */
    private static int lastBase(byte[] directions) {
        int last = directions.length - 1;
        while (last > 0 && directions[last] == Character.DIRECTIONALITY_NONSPACING_MARK) {
            last--;
        }
        return last;
    }

    /** Whether there is nothing in a label but its own letters, and what labels of both directions may have. */
    private static boolean has(byte[] directions, Set<Byte> letters, boolean arabicNumbers) {
        for (byte direction : directions) {
            boolean fits = letters.contains(direction)
                    || NEUTRAL.contains(direction)
                    || (arabicNumbers && direction == Character.DIRECTIONALITY_ARABIC_NUMBER);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(byte direction) {
        return direction == Character.DIRECTIONALITY_EUROPEAN_NUMBER
                || direction == Character.DIRECTIONALITY_ARABIC_NUMBER;
    }

    private static boolean contains(byte[] directions, byte wanted) {
        for (byte direction : directions) {
            if (direction == wanted) {
                return true;
            }
        }
        return false;
    }
}
