package io.flowscript.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records the errors that FlowScript logs on one thread through {@code java.util.logging}. Messages that workflows
 * log do not count. If another library replaces the JDK's logging, nothing is recorded.
 */
final class LogWatch extends Handler {

    private static final Logger ROOT = Logger.getLogger("io.flowscript");
    private static final String WORKFLOWS = "io.flowscript.workflow";

    private final Thread thread = Thread.currentThread();
    private final List<String> errors = new ArrayList<>();

    static LogWatch begin() {
        LogWatch watch = new LogWatch();
        ROOT.addHandler(watch);
        return watch;
    }

    /** {@return what was logged since the last call} */
    List<String> take() {
        List<String> taken = List.copyOf(errors);
        errors.clear();
        return taken;
    }

    @Override
    public void publish(LogRecord entry) {
        boolean isError = entry.getLevel().intValue() >= Level.SEVERE.intValue();
        if (isError && Thread.currentThread().equals(thread) && !WORKFLOWS.equals(entry.getLoggerName())) {
            Throwable thrown = entry.getThrown();
            errors.add(entry.getMessage() + cause(thrown));
        }
    }

    private static String cause(@Nullable Throwable thrown) {
        return thrown == null ? "" : ": " + thrown;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        ROOT.removeHandler(this);
    }
}
