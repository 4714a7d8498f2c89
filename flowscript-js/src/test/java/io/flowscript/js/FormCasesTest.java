package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.FormValidator.Form;
import io.flowscript.core.runtime.Violation;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.language.forms.SchemaFormValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The server takes what the forms send, and its violations are at the fields that the forms expect")
class FormCasesTest {

    private static final int MAX_DEPTH = 64;

    private final SchemaFormValidator forms = new SchemaFormValidator();

    /** The cases of form.test.mjs, which shows that each answer is what the form sends and that each path has a field. */
    static List<Arguments> cases() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src", "test", "js", "forms"))) {
            for (Path file : files.sorted().toList()) {
                Object content = new JsonReader(MAX_DEPTH).read(Files.readString(file));
                for (Value one : Value.of(content).asList()) {
                    cases.add(Arguments.of(one.get("name").asString(), one));
                }
            }
        }
        assertThat(cases).hasSizeGreaterThan(60);
        return cases;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void eachCase(String name, Value one) {
        Form form = forms.compile(Objects.requireNonNull(one.get("schema").raw()));
        assertThat(form.validate(one.get("value").raw())).isEmpty();
        for (Value wrong : one.get("wrong").asList()) {
            assertThat(form.validate(wrong.get("value").raw()))
                    .extracting(Violation::path)
                    .containsOnlyOnceElementsOf(wrong.get("at").asList().stream()
                            .map(Value::asString)
                            .toList())
                    .allMatch(path -> wrong.get("at").asList().stream()
                            .anyMatch(at -> at.asString().equals(path)));
        }
    }
}
