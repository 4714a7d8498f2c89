package io.flowscript.language.expressions;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.JexlInfo;
import org.apache.commons.jexl3.internal.Scope;
import org.apache.commons.jexl3.parser.ASTAddNode;
import org.apache.commons.jexl3.parser.ASTAndNode;
import org.apache.commons.jexl3.parser.ASTArguments;
import org.apache.commons.jexl3.parser.ASTArrayAccess;
import org.apache.commons.jexl3.parser.ASTConstructorNode;
import org.apache.commons.jexl3.parser.ASTDivNode;
import org.apache.commons.jexl3.parser.ASTEQNode;
import org.apache.commons.jexl3.parser.ASTEQSNode;
import org.apache.commons.jexl3.parser.ASTEmptyFunction;
import org.apache.commons.jexl3.parser.ASTFalseNode;
import org.apache.commons.jexl3.parser.ASTFunctionNode;
import org.apache.commons.jexl3.parser.ASTGENode;
import org.apache.commons.jexl3.parser.ASTGTNode;
import org.apache.commons.jexl3.parser.ASTIdentifier;
import org.apache.commons.jexl3.parser.ASTJexlScript;
import org.apache.commons.jexl3.parser.ASTLENode;
import org.apache.commons.jexl3.parser.ASTLTNode;
import org.apache.commons.jexl3.parser.ASTModNode;
import org.apache.commons.jexl3.parser.ASTMulNode;
import org.apache.commons.jexl3.parser.ASTNENode;
import org.apache.commons.jexl3.parser.ASTNESNode;
import org.apache.commons.jexl3.parser.ASTNotNode;
import org.apache.commons.jexl3.parser.ASTNullLiteral;
import org.apache.commons.jexl3.parser.ASTNullpNode;
import org.apache.commons.jexl3.parser.ASTNumberLiteral;
import org.apache.commons.jexl3.parser.ASTOrNode;
import org.apache.commons.jexl3.parser.ASTReference;
import org.apache.commons.jexl3.parser.ASTReferenceExpression;
import org.apache.commons.jexl3.parser.ASTSizeFunction;
import org.apache.commons.jexl3.parser.ASTStringLiteral;
import org.apache.commons.jexl3.parser.ASTSubNode;
import org.apache.commons.jexl3.parser.ASTTernaryNode;
import org.apache.commons.jexl3.parser.ASTTrueNode;
import org.apache.commons.jexl3.parser.ASTUnaryMinusNode;
import org.apache.commons.jexl3.parser.ASTUnaryPlusNode;
import org.apache.commons.jexl3.parser.JexlNode;
import org.apache.commons.jexl3.parser.JexlScriptParser;
import org.apache.commons.jexl3.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Parser that accepts only the syntax listed here. Everything else is refused before anything is evaluated. */
final class AllowlistParser implements JexlScriptParser {

    /** Maximum nesting depth of an expression. Each operator of a chain counts. */
    private static final int MAX_DEPTH = 200;

    private static final Set<Class<?>> ALLOWED = Set.of(
            ASTJexlScript.class,
            ASTReference.class,
            ASTReferenceExpression.class,
            ASTIdentifier.class,
            ASTArrayAccess.class,
            ASTFunctionNode.class,
            ASTArguments.class,
            ASTNumberLiteral.class,
            ASTStringLiteral.class,
            ASTTrueNode.class,
            ASTFalseNode.class,
            ASTNullLiteral.class,
            ASTTernaryNode.class,
            ASTNullpNode.class,
            ASTAndNode.class,
            ASTOrNode.class,
            ASTNotNode.class,
            ASTEQNode.class,
            ASTNENode.class,
            ASTEQSNode.class,
            ASTNESNode.class,
            ASTLTNode.class,
            ASTLENode.class,
            ASTGTNode.class,
            ASTGENode.class,
            ASTAddNode.class,
            ASTSubNode.class,
            ASTMulNode.class,
            ASTDivNode.class,
            ASTModNode.class,
            ASTUnaryMinusNode.class,
            ASTUnaryPlusNode.class);

    private static final Map<Class<?>, String> HINTS = Map.of(
            ASTSizeFunction.class, "use length(x)",
            ASTEmptyFunction.class, "use isEmpty(x)",
            ASTConstructorNode.class, "objects cannot be created");

    private final Parser parser = new Parser(";");

    @Override
    public ASTJexlScript parse(JexlInfo info, JexlFeatures features, String source, Scope scope) {
        ASTJexlScript script = parser.parse(info, features, source, scope);
        check(script, 0);
        return script;
    }

    private static void check(JexlNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw new SyntaxRefusedException("it is nested more than " + MAX_DEPTH + " levels deep");
        }
        if (!ALLOWED.contains(node.getClass())) {
            throw new SyntaxRefusedException(HINTS.getOrDefault(
                    node.getClass(), "expressions read, compare, calculate and choose, and nothing else"));
        }
        if (node instanceof ASTFunctionNode) {
            function(node);
        }
        if (node instanceof ASTNumberLiteral number
                && Double.isNaN(number.getLiteral().doubleValue())) {
            throw new SyntaxRefusedException("NaN is not a value");
        }
        for (int i = 0; i < node.jjtGetNumChildren(); i++) {
            check(node.jjtGetChild(i), depth + 1);
        }
    }

    private static void function(JexlNode node) {
        ASTIdentifier name = (ASTIdentifier) node.jjtGetChild(0);
        boolean known = name.getNamespace() == null && ExpressionFunctions.NAMES.contains(name.getName());
        if (!known) {
            throw noFunction(name.getName());
        }
        if (node.jjtGetChild(1).jjtGetNumChildren() != 1) {
            throw new SyntaxRefusedException(name.getName() + "(x) takes exactly one value");
        }
    }

    static SyntaxRefusedException noFunction(String name) {
        return new SyntaxRefusedException("there is no function \"" + name + "\"; the functions are "
                + ExpressionFunctions.NAMES.stream()
                        .sorted()
                        .map(function -> function + "(x)")
                        .collect(Collectors.joining(", ")));
    }

    /** Thrown when an expression contains syntax that is not supported. The message is for people. */
    static final class SyntaxRefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SyntaxRefusedException(String message) {
            super(message, null, false, false);
        }

        static @Nullable SyntaxRefusedException in(@Nullable Throwable thrown) {
            return Stream.iterate(thrown, t -> t != null, Throwable::getCause)
                    .filter(SyntaxRefusedException.class::isInstance)
                    .map(SyntaxRefusedException.class::cast)
                    .findFirst()
                    .orElse(null);
        }
    }
}
