package io.flowscript.testkit.protocol;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.json.Workflows;
import io.flowscript.testkit.protocol.ProtocolDocument.Sender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The client protocol as cases that any server must pass (docs/protocol-cases.md), run with a plain WebSocket and
 * HTTP client. The files are in the jar at {@code META-INF/flowscript/protocol-cases} and do not depend on Java.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> keepsToTheProtocol() {
 *     return ProtocolCases.all().against(server.uri());
 * }
 * }</pre>
 *
 * <p>The server must have the {@link #workflows} and be configured as docs/protocol-cases.md says. Immutable; safe
 * for use by any thread.
 *
 * @since 0.1.0
 */
public final class ProtocolCases {

    /** Default time that a step waits: 10 seconds. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);

    private static final String FOLDER = "/META-INF/flowscript/protocol-cases";
    private static final String SCHEMA = "case.schema.json";

    /** Messages that only an application's own code can cause; other tests check their schemas. */
    private static final Set<String> OF_APPLICATIONS =
            Set.of("workflow_event", "human_interaction_revised", "interactions_missed");

    private final List<ProtocolCase> cases;
    private final List<WorkflowDefinition> workflows;
    private final boolean areAll;
    private final Duration patience;

    private ProtocolCases(
            List<ProtocolCase> cases, List<WorkflowDefinition> workflows, boolean areAll, Duration patience) {
        this.cases = List.copyOf(cases);
        this.workflows = List.copyOf(workflows);
        this.areAll = areAll;
        this.patience = patience;
    }

    /**
     * Returns all cases of the protocol.
     *
     * @return the cases
     */
    public static ProtocolCases all() {
        return inFolder(folder -> read(folder, true));
    }

    /**
     * Reads cases of your own in the same format: all {@code *.json} files of a directory, and the workflows in its
     * subdirectory {@code workflows}, if there is one.
     *
     * @param directory the directory
     * @return the cases
     * @throws FlowScriptException with code {@code invalid_case} and every problem of a file; or what {@link
     *     Workflows#readAll} throws
     */
    public static ProtocolCases in(Path directory) {
        return read(directory, false);
    }

    /**
     * Sets how long a step waits for what it expects. Connecting and waiting for an HTTP response never have less
     * than the default.
     *
     * @param value more than 0
     * @return a copy with that patience
     * @throws FlowScriptException with code {@code invalid_setting} if the value is not more than 0
     */
    public ProtocolCases patience(Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new FlowScriptException("invalid_setting", "patience must be more than 0, not " + value);
        }
        return new ProtocolCases(cases, workflows, areAll, value);
    }

    /**
     * Returns the workflows that the server must have.
     *
     * @return the definitions, which use only built-in nodes; empty if the cases have none
     */
    public List<WorkflowDefinition> workflows() {
        return workflows;
    }

    /**
     * Returns the cases as tests, in the order of the files, to be run one after the other. Each uses ids of its own
     * and cancels what it started. If these are all cases of the protocol, a last test checks that every type of
     * message that they can cause was seen.
     *
     * @param server the server's address, such as {@code http://localhost:3013}
     * @return the tests, for a method with {@link org.junit.jupiter.api.TestFactory}
     */
    public Stream<DynamicTest> against(URI server) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Traffic traffic = new Traffic();
        Stream<DynamicTest> tests = cases.stream()
                .map(one -> DynamicTest.dynamicTest(
                        one.file() + ": " + one.name(), () -> new CaseRun(one, server, http, patience, traffic).run()));
        return areAll
                ? Stream.concat(
                        tests,
                        Stream.of(DynamicTest.dynamicTest("every type of message was seen", () -> checkAll(traffic))))
                : tests;
    }

    List<ProtocolCase> cases() {
        return cases;
    }

    private static void checkAll(Traffic traffic) {
        Set<String> missing = traffic.missing(Sender.SERVER);
        missing.removeAll(OF_APPLICATIONS);
        Set<String> notAsked = traffic.missing(Sender.CLIENT);
        if (!missing.isEmpty() || !notAsked.isEmpty()) {
            throw new AssertionError("No case has exchanged these messages; from the server: " + missing
                    + ", from a client: " + notAsked);
        }
    }

    private static ProtocolCases read(Path folder, boolean areAll) {
        CaseReader reader = inFolder(own -> new CaseReader(text(own.resolve(SCHEMA))));
        List<ProtocolCase> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(".json") && !name.equals(SCHEMA)) {
                    cases.addAll(reader.read(name, text(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The directory " + folder + " cannot be read", e);
        }
        Path workflows = folder.resolve("workflows");
        return new ProtocolCases(
                cases, Files.isDirectory(workflows) ? workflows(workflows) : List.of(), areAll, DEFAULT_PATIENCE);
    }

    private static List<WorkflowDefinition> workflows(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(file -> Workflows.read(text(file))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The directory " + folder + " cannot be read", e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be read", e);
        }
    }

    private interface Reading<T> {
        T from(Path folder);
    }

    /** Reads from the folder of cases in this library, in a directory or a jar. */
    private static <T> T inFolder(Reading<T> reading) {
        URL schema = Objects.requireNonNull(ProtocolCases.class.getResource(FOLDER + "/" + SCHEMA), SCHEMA);
        try {
            if (!(schema.openConnection() instanceof JarURLConnection packed)) {
                return reading.from(
                        Objects.requireNonNull(Path.of(schema.toURI()).getParent()));
            }
            Path file = Path.of(packed.getJarFileURL().toURI());
            try (FileSystem jar = FileSystems.newFileSystem(file)) {
                return reading.from(jar.getPath(FOLDER));
            }
        } catch (URISyntaxException | IOException e) {
            throw new FlowScriptException("invalid_case", "The cases of the protocol cannot be read", e);
        }
    }
}
