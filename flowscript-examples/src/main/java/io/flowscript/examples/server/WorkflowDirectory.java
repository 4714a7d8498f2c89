package io.flowscript.examples.server;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.Workflows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A directory of workflows, of which every file is taken that is good. Stateless. */
final class WorkflowDirectory {

    private WorkflowDirectory() {}

    /**
     * Registers the workflows of a directory, in the order of the names of their files.
     *
     * @param directory the directory; the files whose names end in {@code .json} are read
     * @param flows the engine
     * @return what is wrong with each file that was refused
     * @throws FlowScriptException with code {@code unreadable_file} if the directory cannot be read
     */
    static List<String> load(Path directory, FlowScript flows) {
        List<String> refused = new ArrayList<>();
        Map<String, Path> taken = new HashMap<>();
        List<Path> files = files(directory);
        if (files.isEmpty()) {
            refused.add("The directory " + directory + " has no workflow, which is a *.json file");
        }
        for (Path file : files) {
            try {
                WorkflowDefinition definition = Workflows.read(file);
                Path other = taken.get(definition.id());
                if (other == null) {
                    flows.register(definition);
                    taken.put(definition.id(), file);
                } else {
                    refused.add(file + ": the id \"" + definition.id() + "\" is also used by " + other.getFileName()
                            + "; each workflow needs its own id");
                }
            } catch (FlowScriptException e) {
                refused.add(file + ": " + e.getMessage());
            }
        }
        return List.copyOf(refused);
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
                    .sorted()
                    .limit(Workflows.MAX_FILES)
                    .toList();
        } catch (IOException e) {
            throw new FlowScriptException("unreadable_file", "The directory " + directory + " cannot be read", e);
        }
    }
}
