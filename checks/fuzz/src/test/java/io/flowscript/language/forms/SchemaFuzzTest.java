package io.flowscript.language.forms;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.flowscript.fuzz.Property;
import io.flowscript.json.codec.JsonReader;
import java.util.Map;

class SchemaFuzzTest {

    private static final SchemaFormValidator FORMS = new SchemaFormValidator();
    private static final JsonReader JSON = new JsonReader(64);

    /** The first line is an answer, the rest is the schema. */
    @FuzzTest
    void schema(byte[] input) {
        Property.holdsFor(() -> {
            String[] parts = Property.parts(input, 2);
            Object answer = JSON.read(parts[0]);
            FORMS.compile(String.valueOf(parts[1]).isBlank() ? Map.of() : JSON.read(parts[1]))
                    .validate(answer);
        });
    }

    /** The first line is a text, the rest is a pattern. */
    @FuzzTest
    void pattern(byte[] input) {
        Property.holdsFor(() -> {
            String[] parts = Property.parts(input, 2);
            FORMS.compile(Map.of("type", "string", "pattern", parts[1])).validate(parts[0]);
        });
    }
}
