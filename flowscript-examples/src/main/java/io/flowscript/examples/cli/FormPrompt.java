package io.flowscript.examples.cli;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.json.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the person at the terminal to fill in a form, field by field, in the order of its schema. */
final class FormPrompt {

    private final BufferedReader in;
    private final PrintStream out;

    FormPrompt(BufferedReader in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Asks for an answer.
     *
     * @param info what people are shown
     * @return the answer; empty if the input has ended
     */
    Optional<Value> fill(HumanEvent.Info info) {
        Value hints = Value.of(info.uiHints());
        show(hints.get("title"));
        show(hints.get("description"));
        Value properties = Value.of(info.formSchema()).get("properties");
        if (properties.isNull()) {
            return ask("answer (JSON or text)", null).map(FormPrompt::read);
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        for (String field : properties.asMap().keySet()) {
            Value schema = Value.of(properties.asMap().get(field));
            Optional<String> typed = ask(label(field, schema), fallback(info, field));
            if (typed.isEmpty()) {
                return Optional.empty();
            }
            if (!typed.get().isEmpty()) {
                answer.put(field, convert(typed.get(), schema));
            }
        }
        return Optional.of(Value.of(answer));
    }

    /** Reads a text as JSON if it is JSON, else as a string. */
    static Value read(String text) {
        try {
            return ServerApi.parse(text, "The answer");
        } catch (FlowScriptException notJson) {
            return Value.of(text);
        }
    }

    private void show(Value text) {
        if (!text.isNull()) {
            out.println("        " + EventPrinter.printable(text.toString()));
        }
    }

    private Optional<String> ask(String label, @Nullable String fallback) {
        out.print("        " + label + (fallback == null ? "" : " [" + EventPrinter.printable(fallback) + "]") + ": ");
        out.flush();
        try {
            String line = in.readLine();
            if (line == null) {
                out.println();
                return Optional.empty();
            }
            return Optional.of(line.isBlank() && fallback != null ? fallback : line.strip());
        } catch (IOException e) {
            throw new FlowScriptException("unreadable_input", "The terminal cannot be read", e);
        }
    }

    private static String label(String field, Value schema) {
        String name = schema.get("title").orElse(field).toString();
        if (!schema.get("enum").isNull()) {
            List<String> choices =
                    schema.get("enum").asList().stream().map(Value::toString).toList();
            return EventPrinter.printable(name + " (" + String.join(", ", choices) + ")");
        }
        return EventPrinter.printable(name);
    }

    private static @Nullable String fallback(HumanEvent.Info info, String field) {
        if (!(info.defaultValues() instanceof Map<?, ?> values) || !values.containsKey(field)) {
            return null;
        }
        return String.valueOf(values.get(field));
    }

    private static @Nullable Object convert(String text, Value schema) {
        boolean isText = schema.get("type").orElse("string").toString().equals("string");
        return isText ? text : read(text).raw();
    }
}
