package io.flowscript.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The modules of checks/slow run the tests of other modules, on class paths of their own. What a module's tests need beside what its users get
 * is named there again.
 */
final class SlowTestsTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern RUN = Pattern.compile("<id>(flowscript[\\w-]*)</id>");
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>.*?</dependency>", Pattern.DOTALL);
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");
    private static final Pattern NOT_HANDED_ON =
            Pattern.compile("<scope>(test|provided)</scope>|<optional>true</optional>");

    static Stream<Path> runners() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT.resolve("checks/slow"))) {
            List<Path> poms = folders.map(folder -> folder.resolve("pom.xml"))
                    .filter(Files::exists)
                    .toList();
            assertThat(poms).hasSizeGreaterThan(5);
            return poms.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("runners")
    void everyLibraryOfTheTestsIsNamed(Path pom) throws IOException {
        Set<String> here = dependencies(pom, false);
        List<String> modules = RUN.matcher(Files.readString(pom))
                .results()
                .map(run -> run.group(1))
                .toList();
        assertThat(modules).isNotEmpty();
        for (String module : modules) {
            Set<String> wanted = dependencies(ROOT.resolve(module).resolve("pom.xml"), true);
            assertThat(here).as(pom + " for " + module).containsAll(wanted);
        }
    }

    /** The artifacts that a module depends on: all, or those alone that it does not hand on to its users. */
    private static Set<String> dependencies(Path pom, boolean onlyOwn) throws IOException {
        String text = Files.readString(pom).replaceAll("(?s)<(exclusions|dependencyManagement)>.*?</\\1>", "");
        return DEPENDENCY
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(dependency ->
                        !onlyOwn || NOT_HANDED_ON.matcher(dependency).find())
                .flatMap(dependency -> ARTIFACT.matcher(dependency).results().map(artifact -> artifact.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
