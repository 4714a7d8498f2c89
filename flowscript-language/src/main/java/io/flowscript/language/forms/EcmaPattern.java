package io.flowscript.language.forms;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Translates regular expressions of JSON Schema (ECMA-262 with Unicode, section 6.4 of the core specification) to
 * Java's. The two dialects differ in the meaning of {@code $}, {@code .} and {@code \s}, in brackets inside of
 * brackets, in the names of Unicode categories, and in escapes that only one of them has.
 */
final class EcmaPattern {

    private static final int MAX_LENGTH = 4_096;

    /** Maximum for the minimum repetitions of nested groups, multiplied. */
    private static final long MAX_REPEATED_GROUPS = 10_000;

    /** Maximum of steps that the matcher may take without reading a character of the text. */
    private static final double MAX_STEPS = 100_000;

    /** This many steps that read no character count as one character read. */
    private static final double STEPS_OF_A_LOOK = 8;

    private static final int MAX_NESTING = 100;

    /** What says, after the parenthesis, which kind of group begins; at last, what only Java knows. */
    private static final Pattern GROUP_PREFIX = Pattern.compile("\\?(?:<[=!]|<[^>]*>|[:=!]|[>A-Za-z-]*)");

    private static final String SPACE = "\\t\\n\\x0B\\f\\r \\u00A0\\uFEFF\\u2028\\u2029\\p{Zs}";
    private static final String ANY_IN_LINE = "[^\\n\\r\\u2028\\u2029]";

    private static final Map<String, String> CATEGORIES = Map.ofEntries(
            Map.entry("letter", "L"),
            Map.entry("cased_letter", "LC"),
            Map.entry("uppercase_letter", "Lu"),
            Map.entry("lowercase_letter", "Ll"),
            Map.entry("titlecase_letter", "Lt"),
            Map.entry("modifier_letter", "Lm"),
            Map.entry("other_letter", "Lo"),
            Map.entry("mark", "M"),
            Map.entry("combining_mark", "M"),
            Map.entry("nonspacing_mark", "Mn"),
            Map.entry("spacing_mark", "Mc"),
            Map.entry("enclosing_mark", "Me"),
            Map.entry("number", "N"),
            Map.entry("decimal_number", "Nd"),
            Map.entry("digit", "Nd"),
            Map.entry("letter_number", "Nl"),
            Map.entry("other_number", "No"),
            Map.entry("punctuation", "P"),
            Map.entry("punct", "P"),
            Map.entry("connector_punctuation", "Pc"),
            Map.entry("dash_punctuation", "Pd"),
            Map.entry("open_punctuation", "Ps"),
            Map.entry("close_punctuation", "Pe"),
            Map.entry("initial_punctuation", "Pi"),
            Map.entry("final_punctuation", "Pf"),
            Map.entry("other_punctuation", "Po"),
            Map.entry("symbol", "S"),
            Map.entry("math_symbol", "Sm"),
            Map.entry("currency_symbol", "Sc"),
            Map.entry("modifier_symbol", "Sk"),
            Map.entry("other_symbol", "So"),
            Map.entry("separator", "Z"),
            Map.entry("space_separator", "Zs"),
            Map.entry("line_separator", "Zl"),
            Map.entry("paragraph_separator", "Zp"),
            Map.entry("other", "C"),
            Map.entry("control", "Cc"),
            Map.entry("format", "Cf"),
            Map.entry("surrogate", "Cs"),
            Map.entry("private_use", "Co"),
            Map.entry("unassigned", "Cn"));

    private final String regex;
    private final StringBuilder java = new StringBuilder();

    /** The whole expression, and in it the groups that are open, the innermost first. */
    private final Deque<Group> groups = new ArrayDeque<>();

    private int at;

    private EcmaPattern(String regex) {
        this.regex = regex;
    }

    /**
     * A regular expression for Java.
     *
     * @param pattern the pattern
     * @param cost what reading a character of the text counts, and what beginning at one counts in addition, from 1
     * @param costAtEnd what reading the last character counts in addition, from 0
     */
    record Compiled(Pattern pattern, long cost, long costAtEnd) {}

    /** A group that is being read: what it does without reading a character of the text. */
    private static final class Group {

        private final String prefix;
        private @Nullable PatternSteps alternatives;
        private PatternSteps sequence = PatternSteps.NOTHING;
        private PatternSteps last = PatternSteps.NOTHING;

        /** The largest repetition of a group inside it so far. */
        private long repeated = 1;

        Group(String prefix) {
            this.prefix = prefix;
        }

        void add(PatternSteps part) {
            sequence = sequence.then(last);
            last = part;
        }

        void alternative() {
            add(PatternSteps.NOTHING);
            alternatives = alternatives == null ? sequence : alternatives.or(sequence);
            sequence = PatternSteps.NOTHING;
        }

        PatternSteps end() {
            alternative();
            PatternSteps whole = Objects.requireNonNull(alternatives);
            return switch (prefix) {
                case "?=", "?!" -> whole.ahead();
                case "?<=", "?<!" -> whole.behind();
                default -> whole;
            };
        }
    }

    /**
     * Translates a regular expression.
     *
     * @param regex a regular expression in the dialect of ECMA-262
     * @return the equivalent for Java
     * @throws PatternSyntaxException when it is not a regular expression; its description states the reason
     */
    static Compiled compile(String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new PatternSyntaxException("it is longer than " + MAX_LENGTH + " characters", "", -1);
        }
        try {
            EcmaPattern ecma = new EcmaPattern(regex);
            Pattern pattern = Pattern.compile(ecma.translate());
            PatternSteps.Steps steps = ecma.groups.element().end().total();
            if (Math.max(steps.inside(), steps.atEnd()) > MAX_STEPS) {
                throw ecma.wrong(
                        "it can take more than " + (long) MAX_STEPS
                                + " steps without reading a character of the text; it repeats, or offers alternatives for, what can be empty");
            }
            return new Compiled(
                    pattern, 1 + (long) (steps.inside() / STEPS_OF_A_LOOK), (long) (steps.atEnd() / STEPS_OF_A_LOOK));
        } catch (StackOverflowError e) {
            throw new PatternSyntaxException("it has too many levels of nesting", regex, -1);
        }
    }

    private String translate() {
        groups.push(new Group(""));
        while (at < regex.length()) {
            char c = regex.charAt(at);
            switch (c) {
                case '\\' -> escape(false);
                case '[' -> brackets();
                case '.' -> put(ANY_IN_LINE, PatternSteps.CHARACTER);
                case '^' -> put("^", PatternSteps.POSITION);
                case '$' -> put("\\z", PatternSteps.POSITION);
                case '(' -> open();
                case ')' -> close();
                case '|' -> {
                    groups.element().alternative();
                    put("|");
                }
                case '*' -> quantifier(0, Integer.MAX_VALUE, 1);
                case '+' -> quantifier(1, Integer.MAX_VALUE, 1);
                case '?' -> quantifier(0, 1, 1);
                case '{' -> braces();
                default -> put(String.valueOf(c), PatternSteps.CHARACTER);
            }
        }
        return java.toString();
    }

    private void put(String text) {
        java.append(text);
        at++;
    }

    private void put(String text, PatternSteps part) {
        groups.element().add(part);
        put(text);
    }

    private void open() {
        if (groups.size() > MAX_NESTING) {
            throw wrong("groups are nested more than " + MAX_NESTING + " levels deep");
        }
        Matcher prefix = GROUP_PREFIX.matcher(regex).region(at + 1, regex.length());
        int length = prefix.lookingAt() ? prefix.end() - prefix.start() : 0;
        groups.push(new Group(regex.substring(at + 1, at + 1 + length)));
        keep(1 + length);
    }

    private void close() {
        put(")");
        if (groups.size() == 1) {
            return; // Java reports the unmatched parenthesis.
        }
        Group closed = groups.pop();
        long times = closed.repeated * least();
        if (times > MAX_REPEATED_GROUPS) {
            throw wrong("it repeats a group more than " + MAX_REPEATED_GROUPS + " times");
        }
        Group outer = groups.element();
        outer.repeated = Math.max(outer.repeated, times);
        outer.add(closed.end());
    }

    /** Returns the minimum repetitions of what was just read. */
    private long least() {
        int end = quantifierEnd();
        return end < 0 ? 1 : Math.max(1, number(regex.substring(at + 1, end).replaceAll(",.*", "")));
    }

    private static long number(String digits) {
        return digits.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(digits);
    }

    private void braces() {
        int end = quantifierEnd();
        if (end < 0) {
            put("\\{", PatternSteps.CHARACTER);
            return;
        }
        String[] bounds = regex.substring(at + 1, end).split(",", -1);
        long most =
                bounds.length == 1 ? number(bounds[0]) : bounds[1].isEmpty() ? Integer.MAX_VALUE : number(bounds[1]);
        quantifier(number(bounds[0]), most, end + 1 - at);
    }

    /** Keeps a quantifier, with the question mark that makes it lazy. */
    private void quantifier(long least, long most, int length) {
        Group group = groups.element();
        group.last = group.last.repeated(least, most);
        keep(length);
        if (at < regex.length() && regex.charAt(at) == '?') {
            put("?");
        }
    }

    /** Returns the end of the quantifier that begins here, or -1 if the brace is a literal. */
    private int quantifierEnd() {
        if (at >= regex.length() || regex.charAt(at) != '{') {
            return -1;
        }
        int i = at + 1;
        int commas = 0;
        while (i < regex.length()
                && (isDigit(regex.charAt(i)) || (regex.charAt(i) == ',' && i > at + 1 && commas++ == 0))) {
            i++;
        }
        return i > at + 1 && i < regex.length() && regex.charAt(i) == '}' ? i : -1;
    }

    private void brackets() {
        if (regex.startsWith("[]", at)) {
            groups.element().add(PatternSteps.NEVER);
            java.append("(?!)");
            at += 2;
            return;
        }
        groups.element().add(PatternSteps.CHARACTER);
        if (regex.startsWith("[^]", at)) {
            java.append("[\\s\\S]");
            at += 3;
            return;
        }
        put("[");
        if (at < regex.length() && regex.charAt(at) == '^') {
            put("^");
        }
        while (at < regex.length()) {
            char c = regex.charAt(at);
            switch (c) {
                case '\\' -> escape(true);
                case '[', '&' -> put("\\" + c);
                case ']' -> {
                    put("]");
                    return;
                }
                default -> put(String.valueOf(c));
            }
        }
    }

    private void escape(boolean inBrackets) {
        if (at + 1 >= regex.length()) {
            throw wrong("it ends with a backslash");
        }
        char c = regex.charAt(at + 1);
        if (!inBrackets) {
            groups.element().add(meaning(c));
        }
        switch (c) {
            case 'd', 'D', 'w', 'W', 'f', 'n', 'r', 't' -> keep(2);
            case 's' -> replace(2, inBrackets ? SPACE : "[" + SPACE + "]");
            case 'S' -> replace(2, "[^" + SPACE + "]");
            case 'v' -> replace(2, "\\x0B");
            case 'b' -> replace(2, inBrackets ? "\\x08" : "\\b");
            case 'B' -> keepOutside(inBrackets);
            case 'k' -> reference(inBrackets);
            case '0' -> replace(2, "\\x00");
            case 'c' -> control();
            case 'x' -> keep(4);
            case 'u' -> unicode();
            case 'p', 'P' -> property(c);
            default -> {
                if (isDigit(c)) {
                    keepOutside(inBrackets);
                } else if (Character.isLetter(c)) {
                    throw wrong("\\" + c + " is not a known escape");
                } else {
                    keep(2);
                }
            }
        }
    }

    private static PatternSteps meaning(char escape) {
        return switch (escape) {
            case 'b', 'B' -> PatternSteps.POSITION;
            case 'k', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> PatternSteps.REFERENCE;
            default -> PatternSteps.CHARACTER;
        };
    }

    /** Keeps a reference to a named group, with the name. */
    private void reference(boolean inBrackets) {
        keepOutside(inBrackets);
        int end = regex.indexOf('>', at);
        if (at < regex.length() && regex.charAt(at) == '<' && end >= 0) {
            keep(end + 1 - at);
        }
    }

    private void keep(int length) {
        int end = Math.min(regex.length(), at + length);
        java.append(regex, at, end);
        at = end;
    }

    private void keepOutside(boolean inBrackets) {
        if (inBrackets) {
            throw wrong("\\" + regex.charAt(at + 1) + " is not allowed inside brackets");
        }
        keep(2);
    }

    private void replace(int length, String with) {
        java.append(with);
        at += length;
    }

    private void control() {
        char letter = at + 2 < regex.length() ? regex.charAt(at + 2) : ' ';
        if ((letter < 'a' || letter > 'z') && (letter < 'A' || letter > 'Z')) {
            throw wrong("\\c must be followed by a letter");
        }
        replace(3, String.format(Locale.ROOT, "\\x%02X", letter % 32));
    }

    private void unicode() {
        if (regex.startsWith("\\u{", at)) {
            java.append("\\x{");
            at += 3;
        } else {
            keep(6);
        }
    }

    private void property(char kind) {
        int end = regex.indexOf('}', at);
        if (!regex.startsWith("{", at + 2) || end < 0) {
            throw wrong("\\" + kind + " must be followed by a property such as {Letter}");
        }
        String name = regex.substring(at + 3, end);
        java.append('\\').append(kind).append('{').append(javaName(name)).append('}');
        at = end + 1;
    }

    private static String javaName(String name) {
        int equals = name.indexOf('=');
        String key = name.substring(0, Math.max(0, equals)).toLowerCase(Locale.ROOT);
        String value = name.substring(equals + 1);
        if (!key.isEmpty() && !key.equals("gc") && !key.equals("general_category")) {
            return name;
        }
        String category = CATEGORIES.get(value.toLowerCase(Locale.ROOT));
        if (category != null) {
            return category;
        }
        return value.length() > 2 && key.isEmpty() ? "Is" + value : value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private PatternSyntaxException wrong(String why) {
        return new PatternSyntaxException(why, regex, at);
    }
}
