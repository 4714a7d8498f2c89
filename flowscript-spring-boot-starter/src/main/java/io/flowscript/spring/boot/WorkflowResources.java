package io.flowscript.spring.boot;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.json.Workflows;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;

/** Reads the workflows that patterns name. Stateless. */
final class WorkflowResources {

    private static final String SETTING = "flowscript.workflows";

    private final ResourcePatternResolver resources;

    WorkflowResources(ResourcePatternResolver resources) {
        this.resources = resources;
    }

    /**
     * Reads each resource once, in the order of their places.
     *
     * @param patterns the patterns. One without an asterisk names a file that must be there.
     * @return the workflows, perhaps none
     * @throws InvalidWorkflowException with the problems of all files that cannot be read as workflows
     * @throws FlowScriptException with code {@code unreadable_file} or {@code too_many_files}
     */
    List<WorkflowDefinition> read(List<String> patterns) {
        Map<String, Resource> found = new TreeMap<>();
        for (String pattern : patterns) {
            find(pattern).forEach(resource -> found.put(placeOf(resource), resource));
        }
        if (found.size() > Workflows.MAX_FILES) {
            throw new FlowScriptException(
                    "too_many_files",
                    SETTING + " names " + found.size() + " files; at most " + Workflows.MAX_FILES + " are read");
        }
        List<WorkflowDefinition> definitions = new ArrayList<>();
        List<InvalidWorkflowException> wrong = new ArrayList<>();
        found.forEach((place, resource) -> {
            try (InputStream in = resource.getInputStream()) {
                definitions.add(Workflows.read(in, place));
            } catch (InvalidWorkflowException e) {
                wrong.add(e);
            } catch (IOException e) {
                throw unreadable(place, e);
            }
        });
        if (!wrong.isEmpty()) {
            throw InvalidWorkflowException.of(wrong);
        }
        return definitions;
    }

    private List<Resource> find(String pattern) {
        List<Resource> found;
        try {
            found = List.of(resources.getResources(pattern));
        } catch (IOException e) {
            throw unreadable(pattern, e);
        }
        for (Resource resource : found) {
            if (!resource.exists()) {
                throw new FlowScriptException(
                        "unreadable_file", SETTING + " names " + pattern + ", and there is nothing at this place");
            }
        }
        return found;
    }

    /** A path when it is a file, which a person can open, or else the URL. */
    private static String placeOf(Resource resource) {
        try {
            return resource.isFile()
                    ? resource.getFile().toString()
                    : resource.getURL().toString();
        } catch (IOException e) {
            throw unreadable(resource.getDescription(), e);
        }
    }

    private static FlowScriptException unreadable(String place, IOException e) {
        return new FlowScriptException(
                "unreadable_file", SETTING + " names " + place + ", which cannot be read: " + e.getMessage(), e);
    }
}
