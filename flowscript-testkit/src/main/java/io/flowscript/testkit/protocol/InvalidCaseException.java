package io.flowscript.testkit.protocol;

import io.flowscript.core.FlowScriptException;
import java.util.List;

/** A file of cases that cannot be used. Its message says where and why. */
final class InvalidCaseException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    InvalidCaseException(String message) {
        super("invalid_case", message);
    }

    InvalidCaseException(String file, List<String> problems) {
        super("invalid_case", "The cases in " + file + " cannot be used:\n  " + String.join("\n  ", problems));
    }
}
