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
 * A scripted run: the workflow, its input, and what people do at each interaction. Read from a file beside the golden events.
 *
 * @param name the name of the file
 * @param workflow the workflow's id
 * @param input the input
 * @param steps what happens at each interaction, in order
 */
public record Script(String name, String workflow, Map<String, Object> input, List<Step> steps) {

    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");
    private static final String SUFFIX = ".json";
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * What happens at an interaction.
     *
     * @param node the name of the node that asks
     * @param by the person who answers; null if anonymous
     * @param answer the answer; null if nobody answers
     * @param pass how long nobody answers; null if somebody answers
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

    /** {@return whether a client can play it in real time: no step waits for a deadline or needs a named person} */
    public boolean isPlayedInRealTime() {
        return steps.stream().allMatch(step -> step.pass() == null && step.by() == null);
    }

    /** {@return the script's file} */
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
