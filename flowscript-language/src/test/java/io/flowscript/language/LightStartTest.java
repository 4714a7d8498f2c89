package io.flowscript.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.Workflows;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LightStartTest {

    private static final String JEXL = " org.apache.commons.jexl3.internal.Engine ";
    private static final String FORMS = " com.networknt.schema.dialect.Dialects ";

    @Test
    @DisplayName("an engine whose workflows have neither expressions nor forms loads nothing of their libraries")
    void librariesAreLoadedWhenTheyAreNeeded() throws Exception {
        assertThat(classesLoadedBy("plain"))
                .contains("io.flowscript.engine.FlowScript ", "io.flowscript.language.nodes.DataNodes ")
                .doesNotContain(JEXL, FORMS);
        assertThat(classesLoadedBy("expression")).contains(JEXL).doesNotContain(FORMS);
    }

    private static String classesLoadedBy(String kind) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Started.class.getName(),
                        kind)
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("ended: COMPLETED");
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The main class of the process. */
    public static final class Started {

        private Started() {}

        /**
         * Runs a workflow.
         *
         * @param arguments its kind
         * @throws Exception if it does not end
         */
        public static void main(String[] arguments) throws Exception {
            String value = arguments[0].equals("plain") ? "{{n}}" : "{{n + 1}}";
            try (FlowScript flows = FlowScript.builder()
                    .workflow(Workflows.read("{\"id\": \"w\", \"nodes\": [{\"setData\": {\"path\": \"m\", \"value\": \""
                            + value + "\"}}]}"))
                    .build()) {
                Execution run = flows.start("w", Map.of("n", 1));
                System.out.println(
                        "ended: " + run.result().get(20, TimeUnit.SECONDS).status());
            }
        }
    }
}
