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
 * Events that are written down in a file, a line for each: when, seen from the first, what, which visit of which node, and the data. Ids and tokens are
 * numbered in the order in which they come, so the lines are the same for every run.
 *
 * <p>Found as {@code src/test/resources/<package of the test class>/<name>}, seen from the directory in which tests run; {@code -Dflowscript.golden.dir} names another one than
 * {@code src/test/resources}. {@code -Dflowscript.golden=update} writes the files anew, to be read before they are committed; where the
 * environment says {@code CI=true} it is refused.
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
     * Compares.
     *
     * @param events all events of an execution, or those up to now
     * @throws AssertionError with the difference, and how to write the file anew
     */
    void compare(List<RecordedEvent> events) {
        List<String> lines = EventLines.of(events);
        if (isUpdating && isCi) {
            throw new AssertionError(
                    "-D" + SETTING + "=" + UPDATE + " writes nothing where CI=true: there it is compared");
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
            throw new AssertionError("The events are not those of " + file
                    + " (- what is missing, + what is new); where the change is meant, " + howTo() + "\n  "
                    + String.join("\n  ", difference));
        }
    }

    private static String howTo() {
        return "-D" + SETTING + "=" + UPDATE + " writes it anew";
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
