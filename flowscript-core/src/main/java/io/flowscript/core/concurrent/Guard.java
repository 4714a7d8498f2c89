package io.flowscript.core.concurrent;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls code that may throw anything: code of the application, and code that must not end the thread that calls it.
 *
 * <p>Anything means every {@link Throwable}. Java code can throw checked exceptions that no signature declares, and so
 * does code in other languages on the virtual machine. An exception's own methods may throw as well, so nothing but this
 * class asks an exception of the application for its message or cause.
 */
public final class Guard {

    private Guard() {}

    /** Code without a result. */
    @FunctionalInterface
    public interface Code {

        /**
         * Runs the code.
         *
         * @throws Throwable anything
         */
        void run() throws Throwable;
    }

    /**
     * Runs code. Throws nothing.
     *
     * @param code the code
     * @param failed called with what the code throws; should log it
     */
    public static void run(Code code, Consumer<? super Throwable> failed) {
        try {
            code.run();
        } catch (Throwable thrown) {
            report(thrown, failed);
        }
    }

    /**
     * Calls code for a result. Throws nothing but what {@code otherwise} throws.
     *
     * @param <T> the type of the result
     * @param code the code
     * @param otherwise called with what the code throws; returns the result then
     * @return the result
     */
    public static <T extends @Nullable Object> T call(Supplier<T> code, Function<? super Throwable, T> otherwise) {
        try {
            return code.get();
        } catch (Throwable thrown) {
            return otherwise.apply(thrown);
        }
    }

    /**
     * Reports something that was thrown, usually to a logger. Throws nothing. When the thrown thing cannot be printed, a stand-in is reported
     * that names its class and has its stack trace.
     *
     * @param thrown what was thrown
     * @param report reports it
     */
    public static void report(Throwable thrown, Consumer<? super Throwable> report) {
        try {
            report.accept(isPrintable(thrown) ? thrown : new Unprintable(thrown));
        } catch (Throwable failed) {
            try {
                report.accept(new Unprintable(thrown));
            } catch (Throwable again) {
                // Not even a stand-in can be reported, for example since the memory is used up. The caller goes on.
            }
        }
    }

    /** Whether something that was thrown can describe itself. A logger may catch the failure and print it where nobody wants it. */
    private static boolean isPrintable(Throwable thrown) {
        return call(thrown::toString, failed -> null) != null;
    }

    /**
     * Returns the message of something that was thrown.
     *
     * @param thrown what was thrown
     * @return the message; null when it has none or fails to tell it
     */
    public static @Nullable String message(Throwable thrown) {
        return call(thrown::getMessage, failed -> null);
    }

    /**
     * Returns the cause of something that was thrown.
     *
     * @param thrown what was thrown
     * @return the cause; null when it has none or fails to tell it
     */
    public static @Nullable Throwable cause(Throwable thrown) {
        return call(thrown::getCause, failed -> null);
    }

    /** Stands for something that was thrown and cannot be printed. */
    private static final class Unprintable extends Exception {

        private static final long serialVersionUID = 1L;

        Unprintable(Throwable thrown) {
            super(
                    "A " + thrown.getClass().getName() + " was thrown, which fails to describe itself",
                    null,
                    false,
                    true);
            setStackTrace(thrown.getStackTrace());
        }
    }
}
