package io.flowscript.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/security.md names a test for each attack")
final class SecurityPageTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final int ATTACKS = 150;

    /** An attack, what happens, and the test: {@code Class#method}, or a class; perhaps with a text of its source. */
    private static final Pattern ROW =
            Pattern.compile("\\| (.+) \\| (.+) \\| `(\\w+Test|\\w+Behaviour)(?:#(\\w+))?`(?: with `(.+)`)? \\|");

    private static final Pattern TEST = Pattern.compile("\\s+@(Test|ParameterizedTest|RepeatedTest|FuzzTest)\\b.*");
    private static final Pattern MEMBER_END = Pattern.compile(" {4,8}\\}");

    private static final String TABLE = "| attack | what happens | test |";

    private static List<String> rows;
    private static Map<String, String> sources;

    @BeforeAll
    static void read() throws IOException {
        rows = new ArrayList<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(ROOT.resolve("docs/security.md"))) {
            inTable = line.equals(TABLE) || (inTable && line.startsWith("|"));
            if (inTable && !line.equals(TABLE) && !line.startsWith("|---")) {
                rows.add(line);
            }
        }
        sources = Stream.concat(folders(ROOT), folders(ROOT.resolve("checks")))
                .map(module -> module.resolve("src/test/java"))
                .filter(Files::isDirectory)
                .flatMap(SecurityPageTest::files)
                .collect(Collectors.toMap(
                        SecurityPageTest::nameOf, SecurityPageTest::text, (one, other) -> one + other));
    }

    @Test
    void hasManyDifferentAttacks() {
        assertThat(rows).hasSizeGreaterThanOrEqualTo(ATTACKS);
        Set<String> seen = new HashSet<>();
        assertThat(rows).allSatisfy(row -> assertThat(seen.add(row)).as(row).isTrue());
    }

    @Test
    void everyTestIsThere() {
        List<String> wrong = new ArrayList<>();
        for (String row : rows) {
            Matcher cells = ROW.matcher(row);
            if (!cells.matches()) {
                wrong.add("names no test: " + row);
                continue;
            }
            String source = sources.getOrDefault(cells.group(3), "");
            String method = cells.group(4);
            String text = cells.group(5);
            if (source.isEmpty()) {
                wrong.add("no such class: " + row);
            } else if (method != null && !isTest(source, method)) {
                wrong.add("no such test: " + row);
            } else if (text != null && !source.contains(text)) {
                wrong.add("the test does not have this text: " + row);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Whether a method has an annotation that makes it a test: between it and the end of the member before it. */
    private static boolean isTest(String source, String method) {
        boolean annotated = false;
        for (String line : source.split("\n", -1)) {
            if (MEMBER_END.matcher(line).matches()) {
                annotated = false;
            }
            annotated |= TEST.matcher(line).matches();
            if (annotated && line.contains(" void " + method + "(")) {
                return true;
            }
        }
        return false;
    }

    private static Stream<Path> folders(Path parent) {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(Files::isDirectory).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
