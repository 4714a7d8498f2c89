package io.flowscript.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.EngineLimits;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties, as editors, readers of the guide and the engine know them. */
class PropertiesTest {

    private static final Path GUIDE = Path.of("..", "docs", "guide-spring-boot.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(flowscript\\.[\\w.-]+)` \\| (.+) \\| (.*)\\|$", Pattern.MULTILINE);

    private static List<JsonNode> metadata() throws Exception {
        try (InputStream in =
                FlowScriptProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared().readTree(in).get("properties").values().stream()
                    .filter(property -> property.get("name").asString().startsWith("flowscript."))
                    .toList();
        }
    }

    @Test
    @DisplayName("The guide has each property and no other, with its default")
    void theGuideIsWhole() throws Exception {
        Map<String, String> known = new TreeMap<>();
        for (JsonNode property : metadata()) {
            JsonNode value = property.path("defaultValue");
            known.put(
                    property.get("name").asString(),
                    value.isMissingNode() ? "" : value.isArray() ? value.get(0).asString() : value.asString());
        }
        assertThat(known).hasSizeGreaterThan(40);

        Map<String, String> described = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(GUIDE));
        while (rows.find()) {
            String value = rows.group(3).strip();
            described.put(rows.group(1), value.startsWith("as the ") || value.startsWith("see ") ? "" : value);
        }
        assertThat(described).isEqualTo(known);
    }

    @Test
    @DisplayName("Editors get a sentence for each property")
    void editorsGetDescriptions() throws Exception {
        for (JsonNode property : metadata()) {
            assertThat(property.path("description").asString(""))
                    .as(property.get("name").asString())
                    .isNotEmpty();
        }
    }

    @Test
    @DisplayName("Each limit of the engine is a property of the same name")
    void everyLimitIsThere() {
        assertThat(Arrays.stream(FlowScriptProperties.Limits.class.getRecordComponents())
                        .map(RecordComponent::getName))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EngineLimits.class.getMethods())
                        .filter(method -> method.getReturnType() == EngineLimits.class
                                && !Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName)
                        .toList());
    }
}
