package io.flowscript.store.jdbc;

import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.testkit.crash.Observation;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the processes of a crash test observe: a file to which each line is added by one call of the system, so that it is there
 * when the process is killed. For each line, a byte goes to another stream, where the test counts it.
 */
final class CrashLines {

    /** Ends a line that is whole; the last line of a killed process may not be. */
    private static final String END = "\t|";

    private static final String WRONG = "wrong";
    private static final String NONE = "-";

    private final OutputStream file;
    private final OutputStream counted;

    private CrashLines(OutputStream file, OutputStream counted) {
        this.file = file;
        this.counted = counted;
    }

    /** What is in a file. */
    record Content(List<Observation> observations, List<String> wrong) {}

    static CrashLines append(Path file, OutputStream counted) throws IOException {
        OutputStream out = new FileOutputStream(file.toFile(), true);
        out.write('\n');
        return new CrashLines(out, counted);
    }

    void add(Observation observation) {
        String fields = Arrays.stream(observation.getClass().getRecordComponents())
                .map(component -> "\t" + value(component, observation))
                .collect(Collectors.joining());
        add(observation.getClass().getSimpleName() + fields);
    }

    /** Adds something that may not be. */
    void wrong(String what) {
        add(WRONG + "\t" + what.replaceAll("[\t\r\n]", " "));
    }

    private synchronized void add(String line) {
        try {
            file.write((line + END + "\n").getBytes(StandardCharsets.UTF_8));
            counted.write('.');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String value(RecordComponent component, Observation observation) {
        try {
            Object value = component.getAccessor().invoke(observation);
            return value == null ? NONE : value.toString();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return what the whole lines of a file say; nothing when it does not exist} */
    static Content read(Path file) throws IOException {
        Content content = new Content(new ArrayList<>(), new ArrayList<>());
        if (Files.exists(file)) {
            new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.endsWith(END))
                    .map(line -> line.substring(0, line.length() - END.length()).split("\t"))
                    .forEach(fields -> add(fields, content));
        }
        return content;
    }

    private static void add(String[] fields, Content content) {
        if (fields[0].equals(WRONG)) {
            content.wrong().add(fields[1]);
        } else {
            content.observations().add(observation(fields));
        }
    }

    private static Observation observation(String[] fields) {
        Class<?> type = Stream.of(Observation.class.getPermittedSubclasses())
                .filter(each -> each.getSimpleName().equals(fields[0]))
                .findFirst()
                .orElseThrow();
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = parsed(types[i], fields[i + 1]);
        }
        try {
            return (Observation) type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(String.join(" ", fields), e);
        }
    }

    private static Object parsed(Class<?> type, String text) {
        if (type == int.class) {
            return Integer.valueOf(text);
        } else if (type == long.class) {
            return Long.valueOf(text);
        } else if (type == ExecutionStatus.class) {
            return ExecutionStatus.valueOf(text);
        } else if (type == Instant.class) {
            return text.equals(NONE) ? null : Instant.parse(text);
        }
        return text;
    }
}
