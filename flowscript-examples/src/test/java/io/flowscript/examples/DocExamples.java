package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the code blocks of a page with the test that compiles and runs them, ignoring layout. */
final class DocExamples {

    private final Path page;

    DocExamples(String page) {
        this.page = Path.of("..", page);
    }

    /** {@return the blocks in a language, at least one} */
    List<String> blocks(String language) throws IOException {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(page));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        assertThat(blocks).as("%s in %s", language, page).isNotEmpty();
        return blocks;
    }

    /** Verifies that the source of a test contains every statement of a block. */
    static void assertIsIn(Class<?> test, String block) throws IOException {
        String code = squeezed(
                Files.readString(Path.of("src/test/java", test.getName().replace('.', '/') + ".java")));
        for (String statement : block.split("(?<=[;{}])\\s*\n", -1)) {
            assertThat(code).contains(squeezed(statement));
        }
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
