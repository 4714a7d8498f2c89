package io.flowscript.testkit.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of docs/protocol.md: that of the events, and those below the heading of each message. */
final class ProtocolTables {

    private static final Path PAGE = Path.of("../docs/protocol.md");
    private static final String FIELDS = "| field | meaning |";
    private static final Pattern FIELD = Pattern.compile("`(\\w+)`(\\??)");

    private ProtocolTables() {}

    /**
     * The rows of a table.
     *
     * @param headline its first line, such as {@code | type | data | reply |}
     * @param key which of its cells has the name of the row
     * @return the cells of each row by that name, without backticks
     */
    static Map<String, List<String>> rows(String headline, int key) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        List<String> lines = lines();
        for (String line : lines.subList(lines.indexOf(headline) + 2, lines.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            List<String> cells = Arrays.stream(line.replace("`", "").split("\\|", -1))
                    .map(String::strip)
                    .toList();
            rows.put(cells.get(key + 1).split(" ", 2)[0], cells.subList(1, cells.size() - 1));
        }
        return rows;
    }

    /**
     * The fields in a cell such as {@code nodeId, form?, by?}.
     *
     * @return whether each may be left out, by its name
     */
    static Map<String, Boolean> fields(String cell) {
        Map<String, Boolean> fields = new LinkedHashMap<>();
        for (String word : cell.split(", ", -1)) {
            fields.put(word.replace("?", ""), word.endsWith("?"));
        }
        return fields;
    }

    /**
     * The messages of a chapter, each with the fields of the first table below its heading.
     *
     * @param chapter the heading of the chapter, such as {@code ## 2. What a client sends}
     * @return whether each field may be left out, by its name, by the name of the message
     */
    static Map<String, Map<String, Boolean>> messages(String chapter) {
        Map<String, Map<String, Boolean>> messages = new LinkedHashMap<>();
        Map<String, Boolean> fields = new LinkedHashMap<>();
        int tables = 0;
        List<String> lines = lines();
        for (String line : lines.subList(lines.indexOf(chapter) + 1, lines.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            if (line.startsWith("### ")) {
                fields = new LinkedHashMap<>();
                messages.put(line.substring(4), fields);
                tables = 0;
            } else if (line.equals(FIELDS)) {
                tables++;
            } else if (tables == 1 && line.startsWith("| `")) {
                Matcher names = FIELD.matcher(line.substring(0, line.indexOf(" |", 1)));
                while (names.find()) {
                    fields.put(names.group(1), !names.group(2).isEmpty());
                }
            }
        }
        return messages;
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
