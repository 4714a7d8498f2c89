package io.flowscript.fuzz;

import io.flowscript.core.FlowScriptException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What holds for each input: it is accepted, or refused with an exception of FlowScript whose code is in docs/errors.md, within a second of
 * the processor's time. The heap of the tests bounds the memory.
 */
public final class Property {

    /** More while Jazzer looks for inputs, since its instruments make everything several times as slow. */
    private static final long MAX_NANOS =
            Duration.ofSeconds(Integer.getInteger("fuzz.seconds", 1)).toNanos();

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Set<String> CODES = codes();

    private Property() {}

    /**
     * Gives an input to a target.
     *
     * @param target takes the input
     */
    public static void holdsFor(Runnable target) {
        long before = THREADS.getCurrentThreadCpuTime();
        try {
            target.run();
        } catch (FlowScriptException refused) {
            checkCode(refused.code());
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - before;
        if (nanos > MAX_NANOS) {
            throw new AssertionError("It took " + Duration.ofNanos(nanos));
        }
    }

    /**
     * Checks that a code is documented.
     *
     * @param code the code
     */
    public static void checkCode(String code) {
        if (!CODES.contains(code)) {
            throw new AssertionError("This code is not in docs/errors.md: " + code);
        }
    }

    /**
     * Reads an input as text. Bytes that are not UTF-8 are replaced.
     *
     * @param input the input
     * @return the text
     */
    public static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    /**
     * Takes an input apart at its line feeds.
     *
     * @param input the input
     * @param parts how many parts are wanted
     * @return so many texts; the last has all that is left
     */
    public static String[] parts(byte[] input, int parts) {
        String[] given = text(input).split("\n", parts);
        String[] all = new String[parts];
        for (int i = 0; i < parts; i++) {
            all[i] = i < given.length ? given[i] : "";
        }
        return all;
    }

    private static Set<String> codes() {
        try {
            return Pattern.compile("`([a-z_]+)`")
                    .matcher(Files.readString(Path.of("..", "..", "docs", "errors.md")))
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
