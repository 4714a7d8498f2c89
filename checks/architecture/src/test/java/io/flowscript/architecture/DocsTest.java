package io.flowscript.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link from one page of the documentation to another leads to a file, and to a heading in it. */
final class DocsTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\">");

    private final List<String> broken = new ArrayList<>();

    @Test
    void linksLeadSomewhere() throws IOException {
        List<Path> pages = pages();
        assertThat(pages).hasSizeGreaterThan(10);
        for (Path page : pages) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                check(page, links.group(1));
            }
        }
        assertThat(broken).isEmpty();
    }

    private void check(Path page, String link) throws IOException {
        if (link.contains("://")) {
            return; // not one of this project's pages
        }
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (!Files.exists(target)) {
            broken.add(ROOT.relativize(page) + ": no file for " + link);
        } else if (parts.length == 2 && !anchors(target).contains(parts[1])) {
            broken.add(ROOT.relativize(page) + ": no heading for " + link);
        }
    }

    /** The anchors of a page's headings, as renderers of Markdown make them, and those that the page sets itself. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        boolean code = false;
        for (String line : Files.readAllLines(page)) {
            code ^= line.startsWith("```");
            if (line.startsWith("#") && !code) {
                String heading = line.replaceFirst("^#+ ", "")
                        .replaceAll("\\]\\([^)]*\\)", "]")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                int before = seen.merge(heading, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? heading : heading + "-" + before);
            }
            Matcher own = ANCHOR.matcher(line);
            while (own.find()) {
                anchors.add(own.group(1));
            }
        }
        return anchors;
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("docs/decisions"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }
}
