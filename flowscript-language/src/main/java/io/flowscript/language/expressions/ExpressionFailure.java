package io.flowscript.language.expressions;

/** An expression cannot be evaluated; the message says why, for people. */
final class ExpressionFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ExpressionFailure(String message) {
        super(message, null, false, false);
    }
}
