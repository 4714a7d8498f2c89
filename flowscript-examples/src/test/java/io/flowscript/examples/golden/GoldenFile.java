package io.flowscript.examples.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file with the lines that are expected. {@code -Dgolden.update=true} writes it anew, to be read before it is committed. */
public final class GoldenFile {

    private static final String UPDATE = "golden.update";

    private GoldenFile() {}

    public static void compare(Path file, List<String> lines) {
        if (Boolean.getBoolean(UPDATE)) {
            assertThat(System.getenv("CI"))
                    .describedAs("CI compares; it writes nothing anew")
                    .isNotEqualTo("true");
            write(file, lines);
        }
        assertThat(lines)
                .describedAs("%s; where the change is meant, -D%s=true writes it anew", file, UPDATE)
                .isEqualTo(read(file));
    }

    public static List<String> read(Path file) {
        assertThat(file).describedAs("written by -D%s=true", UPDATE).exists();
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
