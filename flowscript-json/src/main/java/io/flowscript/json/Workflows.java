package io.flowscript.json;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.codec.MalformedJsonException;
import io.flowscript.json.codec.Plain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes workflow definitions as JSON.
 *
 * <p>Reading is strict: UTF-8 (a byte order mark is permitted), no duplicate keys, no comments, nothing after the
 * document. An error in the JSON is thrown with its line and column. Errors in the workflow are collected in
 * {@link WorkflowDefinition#problems}; an engine reports all of them when the definition is registered. Numbers with a
 * fraction or an exponent become BigDecimal, so that 0.1 stays 0.1.
 *
 * <p>Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Workflows {

    /** The largest size of a definition in bytes. A larger one is refused before it is read completely. */
    public static final int MAX_BYTES = 5_000_000;

    /** The largest number of files that are read from a directory. */
    public static final int MAX_FILES = 10_000;

    private static final int MAX_DEPTH = 500;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final JsonReader READER = new JsonReader(MAX_DEPTH);

    private Workflows() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @return the definition, possibly with {@link WorkflowDefinition#problems}
     * @throws InvalidWorkflowException when it is not JSON, not a JSON object, or too large
     * @throws FlowScriptException with code {@code unreadable_file} when the file does not exist or cannot be read
     */
    public static WorkflowDefinition read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /**
     * Reads a text.
     *
     * @param json the text
     * @return the definition, possibly with {@link WorkflowDefinition#problems}
     * @throws InvalidWorkflowException when it is not JSON, not a JSON object, or too large
     */
    public static WorkflowDefinition read(String json) {
        return json.length() > MAX_BYTES ? tooLarge("(text)") : read(json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads UTF-8 bytes.
     *
     * @param json the text
     * @return the definition, possibly with {@link WorkflowDefinition#problems}
     * @throws InvalidWorkflowException when it is not JSON, not a JSON object, or too large
     */
    public static WorkflowDefinition read(byte[] json) {
        return parse(json, "(text)");
    }

    /**
     * Reads a stream to its end, for example a resource of a class.
     *
     * @param json the text in UTF-8; the stream is not closed. Null, which is what {@link Class#getResourceAsStream}
     *     returns for a missing resource, counts as unreadable.
     * @param source where the stream comes from; named in messages
     * @return the definition, possibly with {@link WorkflowDefinition#problems}
     * @throws InvalidWorkflowException when it is not JSON, not a JSON object, or too large
     * @throws FlowScriptException with code {@code unreadable_file} when the stream is null or cannot be read
     */
    public static WorkflowDefinition read(@Nullable InputStream json, String source) {
        if (json == null) {
            throw new FlowScriptException(
                    "unreadable_file",
                    "There is no resource " + source + "; check its name and the module that has it");
        }
        try {
            byte[] bytes = json.readNBytes(MAX_BYTES + 1);
            return parse(bytes, source);
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    /**
     * Reads every file of a directory whose name ends in {@code .json}, in the order of their paths. Subdirectories are
     * not read.
     *
     * @param directory the directory
     * @return the definitions; none has an error of its own
     * @throws InvalidWorkflowException with every problem of every file, each with its file name
     * @throws FlowScriptException with code {@code unreadable_file} when the directory does not exist or cannot be
     *     read; with code {@code too_many_files} when it has more than {@value #MAX_FILES} such files
     */
    public static List<WorkflowDefinition> readAll(Path directory) {
        List<WorkflowDefinition> definitions = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Map<String, Path> ids = new LinkedHashMap<>();
        for (Path file : files(directory)) {
            String name = String.valueOf(file.getFileName());
            try {
                WorkflowDefinition definition = read(file);
                definitions.add(definition);
                definition.problems().stream()
                        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                        .forEach(problem -> problems.add(in(name, problem)));
                Path other = definition.id().isEmpty() ? null : ids.putIfAbsent(definition.id(), file);
                if (other != null) {
                    problems.add(in(
                            name,
                            error(
                                    "/id",
                                    "duplicate_id",
                                    "The id \"" + definition.id() + "\" is also used by " + other.getFileName()
                                            + "; each workflow needs its own id")));
                }
            } catch (InvalidWorkflowException e) {
                e.problems().forEach(problem -> problems.add(in(name, problem)));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidWorkflowException(directory.toString(), problems);
        }
        return List.copyOf(definitions);
    }

    /**
     * Writes a definition as JSON: its document on one line.
     *
     * @param definition the definition
     * @return the text; reading it gives an equal definition
     */
    public static String write(WorkflowDefinition definition) {
        return new String(JsonWriter.write(definition.document()), StandardCharsets.UTF_8);
    }

    /**
     * Writes a definition to a file. An existing file is replaced.
     *
     * @param definition the definition
     * @param file the file
     * @throws FlowScriptException with code {@code unwritable_file} when the file cannot be written
     */
    public static void write(WorkflowDefinition definition, Path file) {
        try {
            Files.writeString(file, write(definition));
        } catch (IOException e) {
            throw new FlowScriptException("unwritable_file", "The file " + file + " cannot be written", e);
        }
    }

    private static WorkflowDefinition parse(byte[] json, String source) {
        if (json.length > MAX_BYTES) {
            return tooLarge(source);
        }
        try {
            int start = startsWithMark(json) ? BYTE_ORDER_MARK.length : 0;
            Object document = READER.read(ByteBuffer.wrap(json, start, json.length - start));
            if (document instanceof Map) {
                return source.equals("(text)")
                        ? WorkflowDefinition.of(Plain.object(document))
                        : WorkflowDefinition.of(Plain.object(document), source);
            }
            throw new InvalidWorkflowException(
                    source,
                    List.of(error(
                            "",
                            "invalid_document",
                            "A workflow is a JSON object such as {\"id\": \"expense\", \"nodes\": [\"approve\"]}")));
        } catch (MalformedJsonException e) {
            String code = e.code().equals(MalformedJsonException.TOO_DEEP) ? "too_deep" : e.code();
            throw new InvalidWorkflowException(source, List.of(error("", code, String.valueOf(e.getMessage()))));
        }
    }

    private static boolean startsWithMark(byte[] json) {
        return json.length >= BYTE_ORDER_MARK.length
                && json[0] == BYTE_ORDER_MARK[0]
                && json[1] == BYTE_ORDER_MARK[1]
                && json[2] == BYTE_ORDER_MARK[2];
    }

    private static List<Path> files(Path directory) {
        if (Files.isRegularFile(directory)) {
            throw new FlowScriptException(
                    "unreadable_file", directory + " is a file; pass the directory that contains it");
        }
        try (Stream<Path> all = Files.list(directory)) {
            List<Path> files = all.filter(
                            file -> String.valueOf(file.getFileName()).endsWith(".json"))
                    .filter(Files::isRegularFile)
                    .limit(MAX_FILES + 1L)
                    .sorted()
                    .collect(Collectors.toList());
            if (files.size() > MAX_FILES) {
                throw new FlowScriptException(
                        "too_many_files",
                        "The directory " + directory + " has more than " + MAX_FILES + " .json files");
            }
            return files;
        } catch (IOException e) {
            throw unreadable(directory.toString(), e);
        }
    }

    private static WorkflowDefinition tooLarge(String source) {
        throw new InvalidWorkflowException(
                source,
                List.of(error(
                        "",
                        "too_large",
                        "A definition may have at most " + MAX_BYTES
                                + " bytes; pass large data as the input of the execution instead")));
    }

    private static Problem error(String pointer, String code, String message) {
        return new Problem(Problem.Severity.ERROR, pointer, code, message, null);
    }

    private static Problem in(String file, Problem problem) {
        return new Problem(
                problem.severity(),
                problem.pointer(),
                problem.code(),
                file + ": " + problem.message(),
                problem.suggestion());
    }

    private static FlowScriptException unreadable(String path, IOException e) {
        return new FlowScriptException(
                "unreadable_file", path + " cannot be read; check that it exists and that this process may read it", e);
    }
}
