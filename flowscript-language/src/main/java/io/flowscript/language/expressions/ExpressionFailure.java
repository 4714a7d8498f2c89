package io.flowscript.language.expressions;

/** Thrown when an expression cannot be evaluated. The message states the reason, for people. */
final class ExpressionFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ExpressionFailure(String message) {
        super(message, null, false, false);
    }
}
