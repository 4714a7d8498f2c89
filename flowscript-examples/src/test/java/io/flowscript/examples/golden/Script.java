package io.flowscript.examples.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run that is written down: which workflow, with what input, and what people do at each question. A file beside the golden events.
 *
 * @param name the name of the file
 * @param workflow the workflow's id
 * @param input the input
 * @param steps what happens at each question, in order
 */
public record Script(String name, String workflow, Map<String, Object> input, List<Step> steps) {

    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");
    private static final String SUFFIX = ".json";
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * What happens at a question.
     *
     * @param node the name of the node that asks
     * @param by the name of who answers; null when that is not said
     * @param answer the answer that is given; null when nobody answers
     * @param pass how long nobody answers; null when somebody does
     */
    public record Step(String node, String by, Object answer, Duration pass) {}

    /** {@return every script} */
    public static List<Script> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .map(Script::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return whether a client in real time can play it: nobody waits for a deadline, or has to be somebody} */
    public boolean isPlayedInRealTime() {
        return steps.stream().allMatch(step -> step.pass() == null && step.by() == null);
    }

    /** {@return its own file} */
    public Path file() {
        return FOLDER.resolve(name + SUFFIX);
    }

    /** {@return the file that its events are compared with} */
    public Path events() {
        return FOLDER.resolve(name + ".events");
    }

    @Override
    public String toString() {
        return name;
    }

    private static Script read(Path file) {
        JsonNode script = JSON.readTree(file.toFile());
        String name = file.getFileName().toString();
        return new Script(
                name.substring(0, name.length() - SUFFIX.length()),
                script.required("workflow").asString(),
                asMap(script.required("input")),
                script.required("steps").valueStream().map(Script::step).toList());
    }

    private static Step step(JsonNode step) {
        JsonNode pass = step.get("pass");
        return new Step(
                step.required("node").asString(),
                step.path("by").asString(null),
                pass == null ? JSON.treeToValue(step.required("answer"), Object.class) : null,
                pass == null ? null : Duration.parse(pass.asString()));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(JsonNode object) {
        return JSON.treeToValue(object, Map.class);
    }
}
