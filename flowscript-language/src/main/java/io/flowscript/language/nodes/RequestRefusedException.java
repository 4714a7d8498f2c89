package io.flowscript.language.nodes;

/** Thrown when an HTTP request is refused or stopped, with a code and a message for people. */
final class RequestRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    RequestRefusedException(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    String code() {
        return code;
    }
}
