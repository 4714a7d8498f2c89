package io.flowscript.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page with sections that a program writes. Each is between two comments, which stay. */
public final class Page {

    private Page() {}

    /**
     * Writes a section.
     *
     * @param page the file
     * @param section the name of the section, which the page must have once
     * @param content what is to be in it
     * @throws IOException if the file cannot be read or written
     */
    public static void write(Path page, String section, String content) throws IOException {
        Files.writeString(page, replaced(Files.readString(page), section, content));
    }

    /** Returns a page with another content of a section. */
    static String replaced(String page, String section, String content) {
        String begin = "<!-- begin " + section + " -->\n";
        String end = "<!-- end " + section + " -->";
        int from = only(page, begin) + begin.length();
        int to = only(page, end);
        if (to < from) {
            throw new IllegalArgumentException("The page has " + end + " before " + begin.strip());
        }
        return page.substring(0, from) + "\n" + content.strip() + "\n\n" + page.substring(to);
    }

    private static int only(String page, String marker) {
        int at = page.indexOf(marker);
        if (at < 0 || page.indexOf(marker, at + 1) >= 0) {
            throw new IllegalArgumentException("The page must have " + marker.strip() + " once, on a line of its own");
        }
        return at;
    }
}
