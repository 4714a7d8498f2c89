package io.flowscript.benchmarks.compare;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the figures that a scenario prints as {@code 1.50 (1.20 to 1.80)}, with what is written before each. */
final class Figures {

    private static final Pattern FIGURE = Pattern.compile("([^()]*?)\\s*(-?[\\d.,]+) \\(-?[\\d.,]+ to -?[\\d.,]+\\)");

    private Figures() {}

    /**
     * Returns the figures by name, in their order. A name is the heading, which is the last line that is not indented and has no figure, then the first
     * word of the line, then what stands before the figure.
     */
    static Map<String, Double> of(String output) {
        Map<String, Double> figures = new LinkedHashMap<>();
        String heading = "";
        for (String line : output.split("\n")) {
            Matcher figure = FIGURE.matcher(line);
            String lead = "";
            while (figure.find()) {
                String before = tidy(figure.group(1));
                String name = tidy((line.startsWith(" ") ? heading + ": " : "") + lead + " " + before);
                lead = lead.isEmpty() ? before.split(" ")[0] : lead;
                figures.putIfAbsent(name, Double.parseDouble(figure.group(2).replace(",", "")));
            }
            if (lead.isEmpty() && !line.startsWith(" ")) {
                heading = tidy(line);
            }
        }
        return figures;
    }

    private static String tidy(String words) {
        return words.replaceAll("\\s+", " ").replaceAll("^[,: ]+|[,: ]+$", "");
    }
}
