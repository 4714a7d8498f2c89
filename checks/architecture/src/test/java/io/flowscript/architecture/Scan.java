package io.flowscript.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.flowscript.core.FlowScriptException;
import io.flowscript.engine.FlowScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the rules look at: the project's own classes and module descriptors, read once. */
final class Scan {
    /** The library modules, in the order of the arrows. */
    static final List<String> LIBRARIES = List.of(
            "io.flowscript.core",
            "io.flowscript.engine",
            "io.flowscript.json",
            "io.flowscript.client",
            "io.flowscript.store.jdbc",
            "io.flowscript.language",
            "io.flowscript.events",
            "io.flowscript.micrometer",
            "io.flowscript.opentelemetry",
            "io.flowscript.http",
            "io.flowscript.jwt",
            "io.flowscript.ws.jetty",
            "io.flowscript.servlet",
            "io.flowscript.testkit");

    /** The main classes of all modules, the examples included. */
    static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages("io.flowscript");

    /** The test classes of all modules that have been built, without what jcstress generates. */
    static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(location -> !location.contains("_jcstress"))
            .importPaths(testClasses());

    static final Map<String, ModuleDescriptor> DESCRIPTORS = ModuleFinder.of(modulePath()).findAll().stream()
            .map(ModuleReference::descriptor)
            .filter(descriptor -> LIBRARIES.contains(descriptor.name()))
            .collect(Collectors.toMap(ModuleDescriptor::name, descriptor -> descriptor));

    private Scan() {}

    /** Everything on the class path but this module's own classes. */
    static Path[] modulePath() {
        return Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .map(Path::of)
                .filter(Files::exists)
                .filter(path -> !path.endsWith("test-classes") && !path.endsWith("architecture/target/classes"))
                .toArray(Path[]::new);
    }

    /** Where the core's classes are: a folder while testing, a jar once it is packaged. */
    static Path core() {
        return locationOf(FlowScriptException.class);
    }

    /** As {@link #core}, for the engine's classes. */
    static Path engine() {
        return locationOf(FlowScript.class);
    }

    private static Path locationOf(Class<?> member) {
        URI location = URI.create(
                member.getProtectionDomain().getCodeSource().getLocation().toString());
        return Path.of(location);
    }

    private static List<Path> testClasses() {
        try (Stream<Path> outer = Files.list(Path.of("..", "..").toRealPath());
                Stream<Path> checks = Files.list(Path.of("..").toRealPath())) {
            return Stream.concat(outer, checks)
                    .map(module -> module.resolve("target/test-classes"))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
