package io.flowscript.testkit;

import io.flowscript.core.event.RecordedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A golden file of events, one line each: time since the first event, type, visit and node, and data. Ids and tokens
 * are numbered in order of appearance, so the lines are equal in every run.
 *
 * <p>The file is {@code src/test/resources/<package of the test class>/<name>}, relative to the working directory.
 * {@code -Dflowscript.golden.dir} replaces {@code src/test/resources}. {@code -Dflowscript.golden=update} rewrites
 * the files; review them before you commit. It is refused if the environment variable {@code CI} is {@code true}.
 *
 * @since 0.1.0
 */
public final class GoldenEvents {

    private static final String SETTING = "flowscript.golden";
    private static final String UPDATE = "update";
    private static final String DIRECTORY = "flowscript.golden.dir";

    private final Path file;
    private final boolean isUpdating;
    private final boolean isCi;

    GoldenEvents(Path file, @Nullable String setting, @Nullable String ci) {
        this.file = file;
        this.isUpdating = UPDATE.equals(setting);
        this.isCi = ci != null && ci.toLowerCase(Locale.ROOT).equals("true");
    }

    static GoldenEvents of(Class<?> test, String name) {
        Path directory = Path.of(System.getProperty(DIRECTORY, "src/test/resources"));
        return new GoldenEvents(
                directory.resolve(test.getPackageName().replace('.', '/')).resolve(name),
                System.getProperty(SETTING),
                System.getenv("CI"));
    }

    /**
     * Compares events with the file.
     *
     * @param events all events of an execution so far
     * @throws AssertionError with the difference, and how to rewrite the file
     */
    void compare(List<RecordedEvent> events) {
        List<String> lines = EventLines.of(events);
        if (isUpdating && isCi) {
            throw new AssertionError("-D" + SETTING + "=" + UPDATE
                    + " is refused because CI=true; run it on your machine and commit the files");
        }
        if (isUpdating) {
            write(lines);
        } else if (!Files.exists(file)) {
            throw new AssertionError("There is no golden file " + file + "; " + howTo() + ". It would be:\n  "
                    + String.join("\n  ", lines));
        } else {
            compareWith(read(), lines);
        }
    }

    private void compareWith(List<String> expected, List<String> actual) {
        List<String> difference = LineDiff.of(expected, actual);
        if (!difference.isEmpty()) {
            throw new AssertionError("The events differ from " + file
                    + " (- missing, + new); if the change is intended, " + howTo() + "\n  "
                    + String.join("\n  ", difference));
        }
    }

    private static String howTo() {
        return "-D" + SETTING + "=" + UPDATE + " rewrites it";
    }

    private List<String> read() {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(List<String> lines) {
        try {
            Path directory = file.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
