package io.flowscript.testkit.protocol;

import io.flowscript.core.FlowScriptException;
import java.util.List;

/** Thrown for an invalid case file. The message names each place and problem. */
final class InvalidCaseException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    InvalidCaseException(String message) {
        super("invalid_case", message);
    }

    InvalidCaseException(String file, List<String> problems) {
        super("invalid_case", "The cases in " + file + " cannot be used:\n  " + String.join("\n  ", problems));
    }
}
