package io.flowscript.benchmarks.report;

import io.flowscript.benchmarks.load.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A section of the page on performance, with its pictures. The section is printed, and written unless the run is a quick one. For one thread. */
public final class Report {

    private static final String PAGE = "docs/performance.md";
    private static final String IMAGES = "docs/images";

    private final String section;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> pictures = new LinkedHashMap<>();

    /**
     * Begins a section.
     *
     * @param section its name
     */
    public Report(String section) {
        this.section = section;
    }

    /**
     * Adds a paragraph or a table.
     *
     * @param markdown the text
     * @return this
     */
    public Report add(String markdown) {
        text.append(markdown.strip()).append("\n\n");
        return this;
    }

    /**
     * Adds a picture.
     *
     * @param name the end of the file's name
     * @param title what it shows
     * @param svg the picture
     * @return this
     */
    public Report picture(String name, String title, String svg) {
        String file = "performance-" + name + ".svg";
        pictures.put(file, svg);
        return add("![" + title + "](images/" + file + ")");
    }

    /**
     * Prints the section, and writes it and its pictures. The setting {@code write} is {@code yes} or {@code no}; without it, only quick runs do not
     * write. The setting {@code root} is the folder of the project, the working directory if it is not given.
     *
     * @param settings those of the command line
     * @throws IOException if a file cannot be written
     */
    public void publish(Settings settings) throws IOException {
        System.out.println(text);
        if (!settings.text("write", settings.isQuick() ? "no" : "yes").equals("yes")) {
            return;
        }
        Path root = Path.of(settings.text("root", "."));
        Page.write(root.resolve(PAGE), section, text.toString());
        for (Map.Entry<String, String> picture : pictures.entrySet()) {
            Files.writeString(root.resolve(IMAGES).resolve(picture.getKey()), picture.getValue());
        }
        System.out.println("written: the section \"" + section + "\" of " + PAGE + ", and " + pictures.keySet());
    }

    /** {@return the JDK, the processors and how busy they were, for people} */
    public static String machine() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(
                Locale.ROOT,
                "JDK %s, %d processors%s",
                Runtime.version().feature(),
                Runtime.getRuntime().availableProcessors(),
                load < 0 ? "" : String.format(Locale.ROOT, ", load average %.1f before the run", load));
    }
}
