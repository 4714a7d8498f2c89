package io.flowscript.testkit.protocol;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Violation;
import io.flowscript.language.forms.SchemaFormValidator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads case files, and refuses those with mistakes. */
final class CaseReader {

    private final FormValidator.Form shape;

    /**
     * Creates a reader.
     *
     * @param schema the JSON Schema of case files
     */
    CaseReader(String schema) {
        shape = new SchemaFormValidator().compile(Objects.requireNonNull(JsonTexts.read(schema), "schema"));
    }

    /**
     * Reads one file.
     *
     * @param file its name, for people
     * @param json its content
     * @return the cases, in order
     * @throws InvalidCaseException with every problem that was found
     */
    List<ProtocolCase> read(String file, String json) {
        Object root;
        try {
            root = JsonTexts.read(json);
        } catch (FlowScriptException e) {
            throw new InvalidCaseException(file, List.of(String.valueOf(e.getMessage())));
        }
        List<Violation> violations = shape.validate(root);
        if (!violations.isEmpty()) {
            throw new InvalidCaseException(
                    file,
                    violations.stream()
                            .map(violation -> violation.path() + " " + violation.message())
                            .toList());
        }
        Map<String, @Nullable Object> fields = JsonTexts.object(root, "a file of cases");
        List<ProtocolCase> cases = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Object one : list(fields.get("cases"))) {
            Map<String, @Nullable Object> given = JsonTexts.object(one, "a case");
            String name = String.valueOf(given.get("name"));
            if (cases.stream().anyMatch(other -> other.name().equals(name))) {
                problems.add("there is more than one case with the name \"" + name + "\"");
            }
            List<Map<String, @Nullable Object>> steps = new ArrayList<>();
            list(given.get("steps")).forEach(step -> steps.add(JsonTexts.object(step, "a step")));
            new CaseCheck(steps).problems().forEach(problem -> problems.add("\"" + name + "\", " + problem));
            cases.add(new ProtocolCase(
                    file,
                    String.valueOf(fields.get("section")),
                    name,
                    steps.stream().map(StepReader::read).toList()));
        }
        if (!problems.isEmpty()) {
            throw new InvalidCaseException(file, problems);
        }
        return cases;
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
