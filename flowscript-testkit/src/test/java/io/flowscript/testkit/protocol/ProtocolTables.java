package io.flowscript.testkit.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of docs/protocol.md: each is known by its headline, and each row by the first name that stands in backticks in one of its cells. */
final class ProtocolTables {

    private static final Path PAGE = Path.of("../docs/protocol.md");

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
     * The fields in a cell such as {@code nodeId, info {name, form?}, by?}.
     *
     * @return whether each may be left out, by its name; those of an object after its name and a dot
     */
    static Map<String, Boolean> fields(String cell) {
        Map<String, Boolean> fields = new LinkedHashMap<>();
        List<String> object = new ArrayList<>();
        for (String word : cell.split("[ ,]+|(?=[{}])|(?<=[{}])", -1)) {
            if (word.equals("{")) {
                object.add(List.copyOf(fields.keySet()).get(fields.size() - 1) + ".");
            } else if (word.equals("}")) {
                object.clear();
            } else if (!word.isEmpty()) {
                fields.put(String.join("", object) + word.replace("?", ""), word.endsWith("?"));
            }
        }
        return fields;
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
