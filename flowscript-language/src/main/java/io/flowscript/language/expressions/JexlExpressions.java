package io.flowscript.language.expressions;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.OnFirstUse;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.ExpressionEvaluator;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlContext;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlExpression;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.JexlInfo;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions over the state with Apache Commons JEXL. Expressions read maps, lists, strings, numbers and
 * booleans, and compute with them. They cannot reach classes, methods, getters, constructors, files, regular
 * expressions or loops. The length and nesting of an expression, the size of its result and its evaluation time are
 * bounded.
 *
 * <p>Supported are {@code === !== == != < <= > >=}, {@code && || !}, {@code + - * / %}, {@code ?:}, {@code ??},
 * {@code a.b}, {@code a?.b}, {@code a[0]}, {@code a["b c"]}, {@code x.length}, and the functions {@code exists(x)}
 * (true if the value is present and not null; {@code exists('a.b')} looks at the path), {@code length(x)} and
 * {@code isEmpty(x)}. A name is what {@link io.flowscript.core.json.Name} says. Values behave as in JavaScript, with
 * three differences: numbers are exact decimals, so {@code 0.1 + 0.2} is {@code 0.3}; lists and objects are equal when
 * their contents are equal; null in a text is the empty string. A missing value is null.
 *
 * <p>An expression that cannot be compiled throws {@link FlowScriptException} with code {@code invalid_expression};
 * one that fails when it is evaluated throws {@link FlowScriptException} with code {@code expression_failed}.
 *
 * <p>Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class JexlExpressions implements ExpressionEvaluator {

    /** Maximum length of an expression, in characters. */
    public static final int MAX_LENGTH = 2_000;

    private static final Pattern ASSIGNMENT = Pattern.compile("[^=!<>]=[^=~^$>]");

    private static final String FAILED = "expression_failed";

    /** Most of the time that it takes to make an engine of workflows would be this one's, and many workflows have no expression. */
    private final OnFirstUse<JexlEngine> engine = new OnFirstUse<>(JexlExpressions::newEngine);

    /** Creates an evaluator. */
    public JexlExpressions() {}

    private static JexlEngine newEngine() {
        Map<String, Object> functions = new HashMap<>();
        functions.put(null, ExpressionFunctions.INSTANCE);
        JexlEngine closed =
                new JexlBuilder().permissions(NoPermissions.INSTANCE).cache(0).create();
        return new JexlBuilder()
                .permissions(NoPermissions.INSTANCE)
                .uberspect(new ValueAccess(closed.getUberspect()))
                .features(features())
                .parserFactory(AllowlistParser::new)
                .arithmetic(new ExpressionArithmetic())
                .namespaces(functions)
                .antish(false)
                .booleanLogical(false)
                // A missing value is null. A failure in the arithmetic is thrown, never logged.
                .strict(false)
                .silent(false)
                .safe(true)
                .cancellable(false)
                .cache(0)
                .create();
    }

    @Override
    public Expression compile(String source) {
        if (source.length() > MAX_LENGTH) {
            throw invalid(
                    source.substring(0, 40) + "...",
                    "it has " + source.length() + " characters; the maximum is " + MAX_LENGTH);
        }
        if (source.isBlank()) {
            throw invalid(source, "it is empty");
        }
        try {
            JexlSource rewritten = JexlSource.of(source);
            return new Compiled(parse(rewritten, source), rewritten.names(), source);
        } catch (AllowlistParser.SyntaxRefusedException e) {
            throw invalid(source, String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            throw invalid(source, "it is nested too deeply");
        } catch (RuntimeException e) {
            throw invalid(source, "it cannot be parsed");
        }
    }

    private JexlExpression parse(JexlSource rewritten, String source) {
        try {
            return engine.get().createExpression(new JexlInfo("expression", 1, 1), rewritten.text());
        } catch (JexlException e) {
            AllowlistParser.SyntaxRefusedException refused = AllowlistParser.SyntaxRefusedException.in(e);
            String place = e.getInfo() == null ? "" : " near " + rewritten.place(e.getInfo());
            throw refused == null
                    ? new AllowlistParser.SyntaxRefusedException("it has a syntax error" + place + hint(source))
                    : refused;
        }
    }

    private static @Nullable Object result(@Nullable Object value) {
        if (value instanceof Double real) {
            return BigDecimal.valueOf(real);
        }
        return Json.freeze(value);
    }

    private static JexlFeatures features() {
        return JexlFeatures.createNone()
                .register(false)
                .comparatorNames(false)
                .arrayReferenceExpr(true)
                .methodCall(false)
                .structuredLiteral(false);
    }

    private static String hint(String source) {
        if (ASSIGNMENT.matcher(source).find()) {
            return "; an expression cannot assign a value; to compare, use === or ==";
        }
        return "";
    }

    private static FlowScriptException invalid(String source, String why) {
        return new FlowScriptException(
                "invalid_expression", "The expression " + quoted(source) + " cannot be used: " + why);
    }

    private static String quoted(String source) {
        String shown = source.length() > 100 ? source.substring(0, 100) + "..." : source;
        return "\"" + shown.replaceAll("\\p{Cntrl}", " ") + "\"";
    }

    // The nullness of the type arguments of an overridden method is not in the class files that JDK 17 reads.
    @SuppressWarnings("NullAway")
    private record Compiled(JexlExpression expression, Set<String> names, String source) implements Expression {

        @Override
        public @Nullable Object evaluate(Map<String, @Nullable Object> variables) {
            try {
                return result(expression.evaluate(new Variables(variables)));
            } catch (JexlException e) {
                throw failed(e.getCause() instanceof ExpressionFailure failure ? failure : e);
            } catch (StackOverflowError e) {
                throw failed(new ExpressionFailure("it is nested too deeply"));
            } catch (RuntimeException e) {
                throw failed(e);
            }
        }

        private FlowScriptException failed(RuntimeException e) {
            String why = e instanceof ExpressionFailure ? e.getMessage() : "it cannot be evaluated";
            return new FlowScriptException(FAILED, "The expression " + quoted(source) + " failed: " + why, e);
        }
    }

    /** What {@link JexlSource} calls the variables and the whole state. A name of a function is none of them. */
    private record Variables(Map<String, @Nullable Object> values) implements JexlContext {

        @Override
        public @Nullable Object get(String name) {
            return name.equals(JexlSource.STATE) && values.containsKey(name) ? values.get(name) : values;
        }

        @Override
        public boolean has(String name) {
            return name.equals(JexlSource.STATE) || name.equals(JexlSource.VARIABLES);
        }

        @Override
        public void set(String name, Object value) {
            throw new ExpressionFailure("an expression cannot assign a value");
        }
    }
}
