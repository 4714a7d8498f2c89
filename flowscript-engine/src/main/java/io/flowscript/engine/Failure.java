package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.event.WorkflowEvent.Cause;
import io.flowscript.core.text.Printable;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt or a whole execution failed, as people and clients may see it: no class name, no stack trace.
 *
 * @param message a sentence for people, at most 1,000 characters, without control characters
 * @param code the stable code
 */
record Failure(String message, String code) {

    static final String NODE_FAILED = "node_failed";
    static final String NODE_TIMEOUT = "node_timeout";
    static final String OUT_OF_MEMORY = "out_of_memory";
    static final String UNHANDLED_EDGE = "unhandled_edge";

    /** The qualified name of a class, with what may be appended to it: its members, the identity of an object. */
    private static final Pattern CLASS_NAME =
            Pattern.compile("(?<![\\w/])(?:[a-z_][\\w$]*+\\.)++[A-Z][\\w$]*+(?:\\.[\\w$]++)*+(?:@[0-9a-f]++)?");

    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_CAUSES = 100;

    Failure {
        message = printable(message);
    }

    /**
     * What a thrown thing tells people: its message and, where it is one of ours, its code. The messages of others are
     * cleared of the names of classes, which the JDK puts there.
     */
    static Failure of(Throwable thrown) {
        return of(thrown, SecretValues.NONE);
    }

    /** {@return the code of a failure} */
    static String code(Throwable thrown) {
        return of(thrown).code();
    }

    /** As {@link #of(Throwable)}, with secrets masked in the message, before it is cut. */
    static Failure of(Throwable thrown, SecretValues secrets) {
        Throwable cause = unwrap(thrown);
        String message = Guard.message(cause);
        String text = message == null ? null : secrets.mask(message);
        String code = cause instanceof FlowScriptException known
                ? known.code()
                : cause instanceof OutOfMemoryError ? OUT_OF_MEMORY : NODE_FAILED;
        if (text == null || text.isBlank()) {
            return new Failure("It failed without saying why", code);
        }
        if (cause instanceof FlowScriptException) {
            return new Failure(text, code);
        }
        boolean isOfTheMachine = cause instanceof ClassCastException
                || cause instanceof LinkageError
                || (cause instanceof NullPointerException && text.startsWith("Cannot "));
        if (isOfTheMachine) {
            return new Failure("It failed by a fault in its code; the log of the application says more", code);
        }
        return new Failure(CLASS_NAME.matcher(printable(text)).replaceAll("..."), code);
    }

    /** What the data of an edge tells people about a failure; null when it says nothing. */
    static @Nullable Cause cause(@Nullable Object data) {
        Object code = data instanceof Map<?, ?> map ? map.get("code") : null;
        Object error = data instanceof Map<?, ?> map ? map.get("error") : null;
        return code instanceof String || error instanceof String
                ? new Cause(
                        code instanceof String text ? Printable.line(text, 128) : null,
                        error instanceof String text ? printable(text) : null)
                : null;
    }

    /** Returns the exception for an attempt that is repeated because it left by an edge with this data. */
    static FlowScriptException ofEdge(String edge, @Nullable Object data) {
        Cause cause = cause(data);
        String code = cause == null ? null : cause.code();
        String error = cause == null ? null : cause.error();
        return new FlowScriptException(
                code == null ? NODE_FAILED : code, error == null ? "It left by the edge \"" + edge + "\"" : error);
    }

    /** Why an execution ends that the engine itself could not continue. */
    static Failure ofEngine(Throwable thrown) {
        return thrown instanceof OutOfMemoryError
                ? new Failure("The memory was used up", OUT_OF_MEMORY)
                : new Failure("The engine could not go on with this execution", "internal");
    }

    /** What was thrown, without the wrapping that futures put around it. */
    static Throwable unwrap(Throwable thrown) {
        Throwable at = thrown;
        for (int i = 0; i < MAX_CAUSES; i++) {
            Throwable cause = Guard.cause(at);
            if (cause == null || !(at instanceof CompletionException || at instanceof ExecutionException)) {
                break;
            }
            at = cause;
        }
        return at;
    }

    /** Checks whether an error of the virtual machine was thrown that must be rethrown and not blamed on a node. */
    static boolean isFatal(@Nullable Throwable thrown) {
        return thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError);
    }

    /** A text for people, at most 1,000 characters of it, without control characters. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        text.codePoints()
                .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
                .limit(MAX_LENGTH)
                .forEach(c -> out.appendCodePoint(c == '\n' || c == '\t' ? ' ' : c));
        return out.toString();
    }
}
