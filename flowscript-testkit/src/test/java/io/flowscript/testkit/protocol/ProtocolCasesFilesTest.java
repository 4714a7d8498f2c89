package io.flowscript.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.json.protocol.ErrorCode;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cases of the protocol, as files. */
class ProtocolCasesFilesTest {

    private static final Path FOLDER = Path.of("src/main/resources/META-INF/flowscript/protocol-cases");
    private static final Path DOCS = Path.of("../docs");

    @Test
    void thereAreManyAndAllAreAboutAPartOfTheProtocol() throws Exception {
        List<ProtocolCase> cases = ProtocolCases.all().cases();
        List<String> headings = Files.readAllLines(DOCS.resolve("protocol.md")).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", ""))
                .toList();

        assertThat(cases).hasSizeGreaterThanOrEqualTo(200);
        assertThat(cases).allSatisfy(one -> assertThat(headings).as(one.file()).contains(one.section()));
        assertThat(cases.stream().map(ProtocolCase::section).distinct())
                .contains(
                        "1. Messages",
                        "2. What a client sends",
                        "3. What a subscriber is promised",
                        "4. Errors and close codes",
                        "5. HTTP",
                        "Events without WebSocket",
                        "6. Frames");
    }

    @Test
    void theWorkflowsAreOfBuiltInNodesAlone() {
        FlowScriptBuilder builder = FlowScript.builder();
        ProtocolCases.all().workflows().forEach(builder::workflow);

        try (FlowScript flows = builder.build()) {
            assertThat(flows.workflows())
                    .hasSizeGreaterThan(5)
                    .extracting(WorkflowDefinition::id)
                    .allMatch(id -> id.startsWith("case-"));
        }
    }

    @Test
    void everyWorkflowIsUsedAndIsThere() throws Exception {
        Set<String> used = new HashSet<>();
        Matcher name = Pattern.compile("case-[a-z]+").matcher(text());
        while (name.find()) {
            used.add(name.group());
        }
        used.remove("case-nowhere");

        assertThat(ProtocolCases.all().workflows())
                .extracting(WorkflowDefinition::id)
                .containsExactlyInAnyOrderElementsOf(used);
    }

    /** The others: what no client can cause by itself. */
    @Test
    void everyCodeThatAClientCanCauseIsCaused() throws Exception {
        String text = text();

        assertThat(Stream.of(ErrorCode.values()).map(ErrorCode::id).filter(code -> !text.contains("\"" + code + "\"")))
                .containsExactlyInAnyOrder(
                        "not_paused",
                        "too_many_executions",
                        "memory_limit",
                        "store_unavailable",
                        "too_many_connections",
                        "invalid_link",
                        "link_expired",
                        "server_closing",
                        "internal");
    }

    /** They are read from a directory everywhere else in this build. */
    @Test
    void theyAreFoundInAJarToo(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("testkit.jar");
        try (FileSystem packed = FileSystems.newFileSystem(jar, Map.of("create", "true"));
                Stream<Path> files = Files.walk(Path.of("target/classes"))) {
            for (Path file : files.toList()) {
                Path to = packed.getPath("/")
                        .resolve(Path.of("target/classes").relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        URL[] path = {jar.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                synchronized (getClassLoadingLock(name)) {
                    Class<?> known = findLoadedClass(name);
                    return known != null
                            ? known
                            : name.startsWith("io.flowscript.testkit.")
                                    ? findClass(name)
                                    : super.loadClass(name, resolve);
                }
            }

            @Override
            public URL getResource(String name) {
                URL own = findResource(name);
                return own == null ? super.getResource(name) : own;
            }
        }) {
            Class<?> packed = loader.loadClass(ProtocolCases.class.getName());
            Object cases = packed.getMethod("all").invoke(null);

            assertThat(packed).isNotEqualTo(ProtocolCases.class);
            assertThat((List<?>) packed.getMethod("workflows").invoke(cases))
                    .hasSameSizeAs(ProtocolCases.all().workflows());
        }
    }

    private static String text() throws Exception {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".json")).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
