package io.flowscript.store.jdbc;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the processes of a crash test note: a file to which each line is added by one call of the system, so that it is there
 * when the process is killed. For each line, a byte goes to standard output, where the test counts it.
 */
final class CrashLines {

    /** What stands in a line. */
    enum Kind {
        /** A process begins: its number. */
        PROCESS,
        /** An execution has been started: its id. */
        STARTED,
        /** A node is called: execution, visit, attempt, stage. */
        CALLED,
        /** A node is about to return: execution, visit, attempt, stage, outcome. */
        FINISHED,
        /** A person is about to answer: execution, visit, token, person, answer. */
        ANSWERING,
        /** The answer was accepted: execution, visit, token, person, answer, time. */
        ACCEPTED,
        /** Another answer was faster: execution, visit, token, person. */
        TOO_LATE,
        /** A cursor has read an event: execution, epoch, number, type, the event in full. */
        SEEN,
        /** Something that may not be: text. */
        WRONG,
        /** All executions have ended, and the cursors have read all. */
        DONE
    }

    /** A line of the file. */
    record Line(Kind kind, List<String> fields) {

        String at(int index) {
            return fields.get(index);
        }

        /** {@return the first fields, as one text} */
        String key(int count) {
            return String.join(" ", fields.subList(0, count));
        }
    }

    /** Ends a line that is whole; the last line of a killed process may not be. */
    private static final String END = "\t|";

    private final OutputStream file;
    private final OutputStream counted = new FileOutputStream(FileDescriptor.out);

    private CrashLines(OutputStream file) {
        this.file = file;
    }

    static CrashLines append(Path file) throws IOException {
        OutputStream out = new FileOutputStream(file.toFile(), true);
        out.write('\n');
        return new CrashLines(out);
    }

    synchronized void add(Kind kind, Object... fields) {
        String line = kind
                + Arrays.stream(fields)
                        .map(field -> "\t" + String.valueOf(field).replaceAll("[\t\n]", " "))
                        .collect(Collectors.joining())
                + END + "\n";
        try {
            file.write(line.getBytes(StandardCharsets.UTF_8));
            counted.write('.');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the whole lines of a file; none when it does not exist} */
    static List<Line> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.endsWith(END))
                .map(line ->
                        List.of(line.substring(0, line.length() - END.length()).split("\t")))
                .map(fields -> new Line(Kind.valueOf(fields.get(0)), fields.subList(1, fields.size())))
                .toList();
    }
}
