package io.flowscript.examples.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file with the expected lines. {@code -Dgolden.update=true} rewrites it; review it before you commit. */
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
                .describedAs("%s; if the change is intended, -D%s=true rewrites it", file, UPDATE)
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
