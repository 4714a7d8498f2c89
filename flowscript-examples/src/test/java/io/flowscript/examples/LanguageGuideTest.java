package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.json.Workflows;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An engine accepts every JSON example of the pages about the language. */
class LanguageGuideTest {

    static List<String> examples() throws Exception {
        return new DocExamples("docs/workflow-language.md").blocks("json");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsTaken(String example) {
        String workflow = example.contains("\"nodes\"") ? example : "{\"id\": \"w\", \"nodes\": [" + example + "]}";
        FlowScriptBuilder builder = FlowScript.builder().workflow(Workflows.read(workflow));
        for (String own : List.of("bookTrain", "bookPlane", "offsetCarbon")) {
            builder.node(own, context -> Edge.of("done"));
        }
        try (FlowScript flows = builder.build()) {
            assertThat(flows.workflows()).hasSize(1);
        }
    }
}
