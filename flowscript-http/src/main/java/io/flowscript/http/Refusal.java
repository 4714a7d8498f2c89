package io.flowscript.http;

import io.flowscript.json.protocol.ErrorCode;

/** Thrown when a request is refused; the problem says why. It does not leave this package. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    static Refusal of(ErrorCode code, String detail) {
        return new Refusal(Problem.of(code, detail));
    }

    Problem problem() {
        return problem;
    }
}
