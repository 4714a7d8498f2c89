package io.flowscript.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A section of a page is written, and nothing else of the page. */
class PageTest {

    private static final String PAGE =
            "before\n<!-- begin a -->\nold\n<!-- end a -->\nbetween\n<!-- begin b -->\n<!-- end b -->\nafter\n";

    @Test
    void onlyTheSectionChanges() {
        assertThat(Page.replaced(PAGE, "a", "new\n\n"))
                .isEqualTo(
                        "before\n<!-- begin a -->\n\nnew\n\n<!-- end a -->\nbetween\n<!-- begin b -->\n<!-- end b -->\nafter\n");
    }

    @Test
    void writingTwiceIsWritingOnce() {
        String once = Page.replaced(PAGE, "b", "| x |");
        assertThat(Page.replaced(once, "b", "| x |")).isEqualTo(once);
    }

    @Test
    void aPageWithoutTheSectionOrWithTwoOfThemIsRefused(@TempDir Path folder) throws Exception {
        Path page = Files.writeString(folder.resolve("page.md"), PAGE + PAGE);
        assertThatThrownBy(() -> Page.write(page, "a", "new")).hasMessageContaining("<!-- begin a --> once");
        assertThatThrownBy(() -> Page.write(page, "c", "new")).hasMessageContaining("<!-- begin c --> once");
        assertThatThrownBy(() -> Page.replaced("<!-- end d -->\n<!-- begin d -->\n", "d", "new"))
                .hasMessageContaining("before");
        assertThat(page).hasContent(PAGE + PAGE);
    }
}
