package io.flowscript.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The directions of {@link DirectionTest}, checked in the source. The compiler copies constants from one class into another, so a class that uses
 * nothing but a constant of another package leaves no trace of it in its class file.
 */
final class ImportsTest {

    private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);

    /** A qualified name of the project's own, in an import or anywhere else. */
    private static final Pattern NAME = Pattern.compile("\\bio\\.flowscript(?:\\.\\w+)+");

    /** What is no code: text blocks, strings, characters, comments. */
    private static final Pattern NO_CODE = Pattern.compile(
            "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\\n])*'|/\\*.*?\\*/|//[^\\n]*",
            Pattern.DOTALL);

    private static final List<Source> SOURCES = sources();

    /** The packages of the project, as its source files state them. */
    private static final Set<String> PACKAGES = packages();

    /** One source file: its package, and the code below the package declaration. */
    private record Source(Path file, String packageName, String code) {

        static Source read(Path file) {
            try {
                String text = NO_CODE.matcher(Files.readString(file)).replaceAll("");
                Matcher declaration = PACKAGE.matcher(text);
                assertThat(declaration.find()).as("package of %s", file).isTrue();
                return new Source(file, declaration.group(1), text.substring(declaration.end()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The packages of the project that the code names, apart from its own. */
        Set<String> uses() {
            Set<String> used = new TreeSet<>();
            Matcher names = NAME.matcher(code);
            while (names.find()) {
                used.add(packageOf(names.group()));
            }
            used.remove(packageName);
            return used;
        }

        private static String packageOf(String name) {
            String prefix = name;
            while (!PACKAGES.contains(prefix)) {
                int dot = prefix.lastIndexOf('.');
                assertThat(dot).as("package of %s", name).isPositive();
                prefix = prefix.substring(0, dot);
            }
            return prefix;
        }
    }

    @Test
    void theSourcesOfAllModulesAreRead() {
        assertThat(SOURCES).hasSizeGreaterThan(100);
        assertThat(DirectionTest.MODULES.keySet())
                .allSatisfy(module -> assertThat(PACKAGES)
                        .anyMatch(name -> DirectionTest.moduleOf(name).equals(module)));
        assertThat(DirectionTest.ROOMS.keySet())
                .allSatisfy(room -> assertThat(SOURCES)
                        .as(room)
                        .anyMatch(source -> source.packageName().equals(room)));
    }

    @Test
    void sourcesUseOnlyWhatTheirModuleAndPackageMay() {
        List<String> forbidden = new ArrayList<>();
        for (Source source : SOURCES) {
            for (String used : source.uses()) {
                if (!isAllowed(source.packageName(), used)) {
                    forbidden.add(source.file() + " uses " + used);
                }
            }
        }
        assertThat(forbidden).isEmpty();
    }

    private static boolean isAllowed(String from, String to) {
        String fromModule = DirectionTest.moduleOf(from);
        String toModule = DirectionTest.moduleOf(to);
        if (!DirectionTest.MODULES.containsKey(fromModule)) {
            return true; // one that is never published
        }
        if (!fromModule.equals(toModule)) {
            return DirectionTest.MODULES.get(fromModule).contains(toModule);
        }
        return !DirectionTest.ROOMS.containsKey(from)
                || DirectionTest.ROOMS.get(from).contains(to);
    }

    private static Set<String> packages() {
        Set<String> packages = new TreeSet<>();
        SOURCES.forEach(source -> packages.add(source.packageName()));
        return packages;
    }

    private static List<Source> sources() {
        try (Stream<Path> files = Files.walk(root())) {
            return files.filter(file -> file.toString().endsWith(".java")
                            && file.toString().replace('\\', '/').contains("/src/main/java/io/flowscript/"))
                    .map(Source::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of the whole project, which holds the core. */
    private static Path root() throws IOException {
        Path folder = Path.of("").toRealPath();
        while (!Files.isDirectory(folder.resolve("flowscript-core"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
