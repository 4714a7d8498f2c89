package io.flowscript.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials names every module that is published, and no other. */
final class BillOfMaterialsTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Set<String> UNPUBLISHED =
            Set.of("flowscript-bom", "flowscript-examples", "flowscript-spring-boot-sample");
    private static final Pattern MODULE = Pattern.compile("<module>(flowscript[\\w-]*)</module>");
    private static final Pattern MANAGED =
            Pattern.compile("<artifactId>(flowscript[\\w-]*)</artifactId>\\s*<version>\\$\\{");

    @Test
    void everyPublishedModuleIsInTheBillOfMaterials() throws IOException {
        List<String> published = found(MODULE, ROOT.resolve("pom.xml"))
                .filter(module -> !UNPUBLISHED.contains(module))
                .toList();
        assertThat(published).contains("flowscript-core");
        assertThat(found(MANAGED, ROOT.resolve("flowscript-bom/pom.xml")))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    private static Stream<String> found(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file)).results().map((MatchResult match) -> match.group(1));
    }
}
