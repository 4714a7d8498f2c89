package io.flowscript.language.expressions;

import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Name;
import io.flowscript.language.expressions.AllowlistParser.SyntaxRefusedException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.jexl3.JexlInfo;

/**
 * An expression in the words of JEXL. JEXL reads a number such as 0.1 as a double, knows names of ASCII letters only, and
 * reserves many words. So each number is written as an exact one, and each name as a quoted key: {@code größe > 1.5}
 * becomes {@code names['größe'] > 1.5B}. Operators and quoted texts stay as they are.
 *
 * <p>For use by one thread.
 */
final class JexlSource {

    /** JEXL's name for the variables of an expression. */
    static final String VARIABLES = "names";

    /** JEXL's name for the whole state. It is not {@code $}, since {@code !$} is an operator of JEXL. */
    static final String STATE = "state";

    /** The greatest number of brackets inside each other. The time that JEXL takes to parse them doubles with each. */
    private static final int MAX_BRACKETS = 5;

    private static final String SYMBOLS = "+-*/%<>=!&|?:()[].,";
    private static final Set<String> LITERALS = Set.of("true", "false", "null", "NaN");

    private final String source;
    private final StringBuilder out = new StringBuilder();
    private final Set<String> names = new LinkedHashSet<>();

    /** For the beginning of each token in {@link #out}, the index in the source that it comes from. */
    private final TreeMap<Integer, Integer> origins = new TreeMap<>();

    private int at;

    private int openBrackets;

    /** Whether what came last is a value, so that a dot reads something of it. */
    private boolean afterValue;

    /** Whether what came last is the whole state, so that the next key is the name of a variable. */
    private boolean afterState;

    private JexlSource(String source) {
        this.source = source;
    }

    /** Rewrites an expression; throws {@link SyntaxRefusedException} when a token of it is wrong. */
    static JexlSource of(String source) {
        JexlSource rewritten = new JexlSource(source);
        while (rewritten.skipBlanks() < source.length()) {
            rewritten.origins.put(rewritten.out.length(), rewritten.at);
            rewritten.token();
        }
        return rewritten;
    }

    /** Returns the rewritten expression, on one line. */
    String text() {
        return out.toString();
    }

    /** Returns the names of the variables that the expression reads, or of the keys that it reads of the whole state. */
    Set<String> names() {
        return Collections.unmodifiableSet(names);
    }

    /** Returns the place in the source of a place in the rewritten text, for people. */
    String place(JexlInfo info) {
        Map.Entry<Integer, Integer> origin = origins.floorEntry(Math.max(0, info.getColumn() - 1));
        return place(origin == null ? 0 : origin.getValue());
    }

    private String place(int index) {
        String before = source.substring(0, index);
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        return "line " + line + ", column " + (index - before.lastIndexOf('\n'));
    }

    private int skipBlanks() {
        int start = at;
        while (at < source.length()
                && (Character.isWhitespace(source.charAt(at)) || Character.isSpaceChar(source.charAt(at)))) {
            at++;
        }
        if (at > start) {
            out.append(' ');
        }
        return at;
    }

    private void token() {
        char c = source.charAt(at);
        if (c == '"' || c == '\'') {
            quoted();
        } else if (isDigit(at) || (c == '.' && !afterValue && isDigit(at + 1))) {
            number();
        } else if (c == '.' && afterValue) {
            at++;
            member();
        } else if (source.startsWith("?.", at) && afterValue && !isDigit(at + 2)) {
            at += 2;
            member();
        } else if (c == '$') {
            at++;
            checkEnd("$");
            state();
        } else if (Name.end(source, at) > at) {
            name();
        } else {
            symbol(c);
        }
    }

    private void name() {
        int start = at;
        at = Name.end(source, at);
        String name = source.substring(start, at);
        if (isAt(at, '$')) {
            throw refused("a name has no \"$\" in it", at);
        }
        if (LITERALS.contains(name)) {
            out.append(name);
            value(false);
        } else if (isCall()) {
            call(name);
        } else if (name.equals(STATE)) {
            state();
        } else {
            names.add(name);
            out.append(VARIABLES).append("['").append(name).append("']");
            value(false);
        }
    }

    /** The whole state has no name right after it, which would belong to JEXL's name for it. */
    private void checkEnd(String state) {
        if (Name.endOfRest(source, at) > at || isAt(at, '$')) {
            throw refused("after \"" + state + "\", the whole state, comes a dot or a bracket", at);
        }
    }

    private void state() {
        out.append(STATE);
        value(true);
    }

    /** Writes the key after a dot. It may begin with a digit. */
    private void member() {
        skipBlanks();
        int start = at;
        at = Name.endOfRest(source, at);
        if (at == start) {
            throw refused("a name is missing after the dot", start);
        }
        String name = source.substring(start, at);
        if (isCall()) {
            throw new SyntaxRefusedException(
                    "methods cannot be called; the functions are exists(x), length(x) and isEmpty(x)");
        }
        key(name);
        out.append("['").append(name).append("']");
        value(false);
    }

    private void call(String name) {
        if (name.codePoints().anyMatch(c -> c > 127)) {
            throw AllowlistParser.noFunction(name);
        }
        out.append(name);
        afterValue = false;
        int open = source.indexOf('(', at);
        int quote = afterBlanks(open + 1);
        if (name.equals(ExpressionFunctions.EXISTS) && (isAt(quote, '"') || isAt(quote, '\''))) {
            int end = endOfQuoted(quote);
            if (isAt(afterBlanks(end), ')')) {
                out.append('(');
                path(source.substring(quote + 1, end - 1));
                at = end;
            }
        }
    }

    /** Writes the path that {@code exists('a.b')} asks for. */
    private void path(String path) {
        JsonPath parsed;
        try {
            parsed = JsonPath.parse(path);
        } catch (JsonException e) {
            throw new SyntaxRefusedException("in exists('...'), " + e.getMessage());
        }
        boolean fromState = path.startsWith("$") || path.matches("(?s)state([.\\[].*)?");
        out.append(fromState ? STATE : VARIABLES);
        parsed.segments().stream().limit(1).forEach(first -> names.add(first.toString()));
        for (Object segment : parsed.segments()) {
            if (segment instanceof Integer index) {
                out.append('[').append(index).append(']');
            } else {
                String key = segment.toString().replace("\\", "\\\\").replace("'", "\\'");
                out.append("['").append(key).append("']");
            }
        }
        value(false);
    }

    private void quoted() {
        int end = endOfQuoted(at);
        String text = source.substring(at, end);
        if (afterState && isAt(afterBlanks(end), ']')) {
            key(text.substring(1, text.length() - 1));
        }
        out.append(text);
        at = end;
        value(false);
    }

    private int endOfQuoted(int start) {
        for (int i = start + 1; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == source.charAt(start)) {
                return i + 1;
            }
            if (c == '\n' || c == '\r') {
                throw refused("the text in quotes contains a line break; write \\n for one", start);
            }
            if (c == '\\') {
                i++;
            }
        }
        throw refused("the text in quotes has no end", start);
    }

    private void number() {
        int start = at;
        digits();
        if (isAt(at, '.') && isDigit(at + 1)) {
            at++;
            digits();
        }
        if (isAt(at, 'e') || isAt(at, 'E')) {
            int exponent = at + (isAt(at + 1, '+') || isAt(at + 1, '-') ? 2 : 1);
            if (isDigit(exponent)) {
                at = exponent;
                digits();
            }
        }
        int end = Name.endOfRest(source, at);
        String written = source.substring(start, end);
        if (end > at || isAt(at, '.')) {
            throw refused(
                    "\"" + source.substring(start, Math.max(end, at + 1)) + "\" is not a number; a number has"
                            + " decimal digits, and may have a point and an exponent, such as 1.5 or 2e3",
                    start);
        }
        if (written.matches("0[0-9].*")) {
            throw refused("\"" + written + "\" begins with 0; write the number without it", start);
        }
        out.append(literal(written));
        value(false);
    }

    private static String literal(String written) {
        try {
            BigDecimal number = new BigDecimal(written);
            if (ExpressionArithmetic.isInRange(number) && Double.isFinite(number.doubleValue())) {
                BigDecimal shortest = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
                return shortest.toPlainString() + (shortest.scale() > 0 ? "B" : "");
            }
        } catch (NumberFormatException e) {
            // The exponent is out of every range.
        }
        throw new SyntaxRefusedException("it contains a number that is too large or too small");
    }

    /** Operators and brackets. What they may be is up to JEXL and {@link AllowlistParser}. */
    private void symbol(char c) {
        if (source.startsWith("//", at) || source.startsWith("/*", at) || c == '#') {
            throw refused("comments are not supported", at);
        }
        if (SYMBOLS.indexOf(c) < 0) {
            throw refused(
                    "the character "
                            + (c > ' ' && c <= '~' ? "\"" + c + "\"" : String.format("U+%04X", source.codePointAt(at)))
                            + " is not supported here",
                    at);
        }
        if (c == '[' && ++openBrackets > MAX_BRACKETS) {
            throw refused("indexes are nested more than " + MAX_BRACKETS + " deep", at);
        }
        if (c == ']') {
            openBrackets--;
        }
        out.append(c);
        at++;
        afterValue = c == ')' || c == ']';
        afterState = afterState && c == '[';
    }

    private void value(boolean state) {
        afterValue = true;
        afterState = state;
    }

    private void key(String name) {
        if (afterState) {
            names.add(name);
        }
    }

    private boolean isCall() {
        return isAt(afterBlanks(at), '(');
    }

    private int afterBlanks(int from) {
        int i = from;
        while (i < source.length() && Character.isWhitespace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void digits() {
        while (isDigit(at)) {
            at++;
        }
    }

    private boolean isDigit(int index) {
        return index < source.length() && source.charAt(index) >= '0' && source.charAt(index) <= '9';
    }

    private boolean isAt(int index, char c) {
        return index < source.length() && source.charAt(index) == c;
    }

    private SyntaxRefusedException refused(String why, int index) {
        return new SyntaxRefusedException(why + " (" + place(index) + ")");
    }
}
