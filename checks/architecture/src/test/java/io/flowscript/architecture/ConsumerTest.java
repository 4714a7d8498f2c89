package io.flowscript.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules of users, compiled against the built ones: what is exported can be used, what is not cannot. */
final class ConsumerTest {
    private static final String USES_THE_CORE = "module consumer { requires io.flowscript.core; }";
    private static final String USES_THE_ENGINE = "module consumer { requires io.flowscript.engine; }";
    private static final String USES_EVENTS = "module consumer { requires io.flowscript.events; }";

    @TempDir
    Path classes;

    @Test
    void theCoreAloneIsEnoughToCompileAgainst() throws IOException {
        assertThat(compile(List.of(Scan.core()), USES_THE_CORE, """
                package consumer;

                import io.flowscript.core.runtime.Edge;
                import io.flowscript.core.runtime.Node;

                class Consumer {
                    Node node = context -> Edge.of("done");
                }
                """)).isEmpty();
    }

    @Test
    void theEngineBringsTheCoreWithIt() throws IOException {
        assertThat(compile(List.of(Scan.core(), Scan.engine()), USES_THE_ENGINE, """
                package consumer;

                import io.flowscript.core.runtime.Edge;
                import io.flowscript.core.runtime.Node;
                import io.flowscript.engine.FlowScript;

                class Consumer {
                    Node node = context -> Edge.of("done");
                    FlowScript flows;
                }
                """))
                .isEmpty();
    }

    @Test
    void whatTheEngineDoesNotExportCannotBeUsed() throws IOException {
        assertThat(compile(List.of(Scan.core(), Scan.engine()), USES_THE_ENGINE, """
                package consumer;

                import io.flowscript.engine.program.Program;

                class Consumer {
                    Program program;
                }
                """))
                .contains("compiler.err.package.not.visible");
    }

    @Test
    void whatTheCoreDoesNotExportCannotBeUsed() throws IOException {
        assertThat(compile(List.of(Scan.core()), USES_THE_CORE, """
                package consumer;

                import io.flowscript.core.concurrent.SerialTask;

                class Consumer {
                    SerialTask task;
                }
                """)).contains("compiler.err.package.not.visible");
    }

    @Test
    void eventsBringTheCoreWithThem() throws IOException {
        assertThat(compile(List.of(Scan.modulePath()), USES_EVENTS, """
                package consumer;

                import io.flowscript.engine.FlowScript;

                class Consumer {
                    FlowScript flows;
                }
                """)).isEmpty();
    }

    @Test
    void librariesBehindEventsDoNotReachItsUsers() throws IOException {
        assertThat(compile(List.of(Scan.modulePath()), USES_EVENTS, """
                package consumer;

                import org.apache.commons.jexl3.JexlEngine;

                class Consumer {
                    JexlEngine engine;
                }
                """)).contains("compiler.err.package.not.visible");
    }

    /** The codes of the errors that the compiler finds. */
    private List<String> compile(List<Path> modulePath, String module, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            files.setLocationFromPaths(StandardLocation.MODULE_PATH, modulePath);
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            boolean compiled = compiler.getTask(
                            null,
                            files,
                            found,
                            List.of("-proc:none", "--release", "17"),
                            null,
                            Arrays.asList(source("module-info", module), source("consumer/Consumer", source)))
                    .call();
            List<String> errors = found.getDiagnostics().stream()
                    .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                    .map(Diagnostic::getCode)
                    .toList();
            assertThat(compiled).as("%s", found.getDiagnostics()).isEqualTo(errors.isEmpty());
            return errors;
        }
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
