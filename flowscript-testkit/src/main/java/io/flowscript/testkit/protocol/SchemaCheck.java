package io.flowscript.testkit.protocol;

import io.flowscript.testkit.protocol.ProtocolDocument.Sender;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Holds messages of the server against their schemas, each shape once. Safe for use by any thread. */
final class SchemaCheck {

    private static final ProtocolDocument DOCUMENT = ProtocolDocument.get();
    private static final int MAX_SHAPES = 10_000;
    private static final int MAX_PROBLEMS = 10;

    /** The fields of whose texts the schemas name the possible ones. */
    private static final Set<String> NAMES = Set.of("type", "code", "status", "nodeType", "protocol", "reason");

    /** The shapes that fit, over all bridges, as the schemas are the same. */
    private static final Set<String> FITTING = ConcurrentHashMap.newKeySet();

    private final Queue<String> problems = new ConcurrentLinkedQueue<>();

    /** Checks a frame: one message, or several lines. */
    void sent(ByteBuffer frame) {
        String text = StandardCharsets.UTF_8.decode(frame.duplicate()).toString();
        text.lines().filter(line -> !line.isEmpty()).forEach(this::check);
    }

    void assertNoProblem() {
        if (!problems.isEmpty()) {
            throw new AssertionError("Messages that break their schemas:\n" + String.join("\n", problems));
        }
    }

    private void check(String line) {
        Object message = JsonTexts.read(line);
        String shape = shape("", message);
        if (FITTING.contains(shape)) {
            return;
        }
        List<String> wrong = DOCUMENT.problems(Sender.SERVER, message);
        if (wrong.isEmpty()) {
            if (FITTING.size() < MAX_SHAPES) {
                FITTING.add(shape);
            }
        } else if (problems.size() < MAX_PROBLEMS) {
            problems.add(wrong + ": " + JsonTexts.json(message));
        }
    }

    private static String shape(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            Set<String> fields = new TreeSet<>();
            object.forEach((field, inner) -> fields.add(field + ":" + shape((String) field, inner)));
            return fields.toString();
        }
        if (value instanceof List<?> list) {
            Set<String> elements = new TreeSet<>();
            list.forEach(element -> elements.add(shape(name, element)));
            return "list" + elements;
        }
        if (value instanceof String text) {
            return NAMES.contains(name) ? text : text.isEmpty() ? "empty" : "text";
        }
        if (value instanceof Number number) {
            return number.getClass().getSimpleName() + Double.compare(number.doubleValue(), 0);
        }
        return String.valueOf(value);
    }
}
