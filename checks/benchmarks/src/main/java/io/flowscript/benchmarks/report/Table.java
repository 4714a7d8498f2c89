package io.flowscript.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown. For one thread. */
public final class Table {

    private final int columns;
    private final List<String> lines = new ArrayList<>();

    /**
     * Begins a table.
     *
     * @param header the heading of each column
     */
    public Table(String... header) {
        columns = header.length;
        row(header);
        lines.add("|" + "---|".repeat(columns));
    }

    /**
     * Adds a row.
     *
     * @param cells as many as the table has columns
     * @return this
     */
    public Table row(String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException("A row has " + cells.length + " cells, and the table " + columns);
        }
        StringBuilder line = new StringBuilder("|");
        for (String cell : cells) {
            line.append(cell.isEmpty() ? " " : " " + cell.replace("|", "\\|") + " ")
                    .append('|');
        }
        lines.add(line.toString());
        return this;
    }

    /** {@return the table, with a line break at its end} */
    public String markdown() {
        return String.join("\n", lines) + "\n";
    }
}
