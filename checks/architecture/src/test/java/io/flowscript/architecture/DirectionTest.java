package io.flowscript.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** Arrows only ever point towards the core, and inside it along the way of an event. */
final class DirectionTest {
    private static final String CORE = "io.flowscript.core";
    private static final String ENGINE = "io.flowscript.engine";
    private static final String JSON = "io.flowscript.json";
    private static final String CLIENT = "io.flowscript.client";
    private static final String STORE_JDBC = "io.flowscript.store.jdbc";
    private static final String LANGUAGE = "io.flowscript.language";
    private static final String EVENTS = "io.flowscript.events";
    private static final String MICROMETER = "io.flowscript.micrometer";
    private static final String OPENTELEMETRY = "io.flowscript.opentelemetry";
    private static final String HTTP = "io.flowscript.http";
    private static final String JWT = "io.flowscript.jwt";
    private static final String WS_JETTY = "io.flowscript.ws.jetty";
    private static final String SERVLET = "io.flowscript.servlet";
    private static final String SPRING_BOOT = "io.flowscript.spring.boot";

    /** No code: a name for language and events together, which the modules that require it use. */
    private static final String ALL_IN_ONE = "io.flowscript";

    /** The modules of FlowScript that each one may use, beside itself. */
    static final Map<String, Set<String>> MODULES = Map.ofEntries(
            entry(CORE, Set.of()),
            entry(ENGINE, Set.of(CORE)),
            entry(JSON, Set.of(CORE)),
            entry(CLIENT, Set.of(CORE, JSON)),
            entry(STORE_JDBC, Set.of(CORE, JSON)),
            entry(LANGUAGE, Set.of(CORE, ENGINE, JSON)),
            entry(EVENTS, Set.of(CORE, ENGINE, JSON)),
            entry(MICROMETER, Set.of(CORE, ENGINE, EVENTS)),
            entry(OPENTELEMETRY, Set.of(CORE)),
            entry(HTTP, Set.of(CORE, ENGINE, JSON, EVENTS)),
            entry(JWT, Set.of(CORE, HTTP)),
            entry(WS_JETTY, Set.of(CORE, JSON, EVENTS, HTTP)),
            entry(SERVLET, Set.of(CORE, ENGINE, JSON, EVENTS, HTTP)),
            entry(SPRING_BOOT, Set.of(CORE, ENGINE, JSON, STORE_JDBC, EVENTS, MICROMETER, HTTP, SERVLET)),
            entry("io.flowscript.testkit", Set.of(CORE, ENGINE, JSON, LANGUAGE, EVENTS, ALL_IN_ONE)),
            entry(
                    "io.flowscript.examples",
                    Set.of(
                            CORE,
                            ENGINE,
                            JSON,
                            CLIENT,
                            STORE_JDBC,
                            LANGUAGE,
                            EVENTS,
                            HTTP,
                            WS_JETTY,
                            ALL_IN_ONE,
                            MICROMETER)));

    /** Packages of libraries that a module hands on to its users. */
    private static final Map<String, Set<String>> TRANSITIVE_LIBRARIES = Map.of(
            CLIENT,
            Set.of("java.net.http."),
            STORE_JDBC,
            Set.of("javax.sql."),
            MICROMETER,
            Set.of("io.micrometer.core.instrument."),
            OPENTELEMETRY,
            Set.of("io.opentelemetry.api."),
            "io.flowscript.ws.jetty",
            Set.of("org.eclipse.jetty.server.", "org.eclipse.jetty.util.", "org.eclipse.jetty.http."),
            SERVLET,
            Set.of("jakarta.servlet.", "jakarta.websocket."),
            "io.flowscript.testkit",
            Set.of("org.assertj.core.", "org.junit.jupiter.api."));

    /** The rooms: each package with those of its own module that it may use, beside itself. A package needs a row here. */
    static final Map<String, Set<String>> ROOMS = rooms();

    private static Map<String, Set<String>> rooms() {
        Map<String, Set<String>> rooms = new TreeMap<>();
        room(rooms, CORE, "");
        room(rooms, CORE, "json", "");
        room(rooms, CORE, "text", "", "json");
        room(rooms, CORE, "concurrent", "");
        room(rooms, CORE, "settings", "");
        room(rooms, CORE, "event", "", "json", "text");
        room(rooms, CORE, "log", "", "json", "text", "event");
        room(rooms, CORE, "log.memory", "", "json", "text", "event", "log", "concurrent");
        room(rooms, CORE, "workflow", "", "json", "text");
        room(rooms, CORE, "runtime", "", "json", "text", "event", "log", "workflow", "concurrent", "settings");
        room(rooms, CORE, "interaction", "", "json", "event", "runtime");
        room(rooms, CORE, "observe", "event");
        room(rooms, CORE, "snapshot", "", "json", "event", "runtime", "interaction");
        room(rooms, CORE, "store", "", "json", "event", "interaction", "snapshot", "workflow");
        room(rooms, CORE, "bridge", "", "json", "text", "event", "log", "runtime", "interaction", "concurrent");
        room(
                rooms,
                CORE,
                "testing",
                "",
                "json",
                "event",
                "runtime",
                "interaction",
                "snapshot",
                "store",
                "workflow",
                "concurrent");

        room(rooms, ENGINE, "program");
        room(rooms, ENGINE, "", "program");

        room(rooms, JSON, "codec");
        room(rooms, JSON, "protocol", "codec");
        room(rooms, JSON, "", "codec", "protocol");

        room(rooms, CLIENT, "");

        room(rooms, STORE_JDBC, "");

        room(rooms, LANGUAGE, "expressions");
        room(rooms, LANGUAGE, "forms");
        room(rooms, LANGUAGE, "nodes", "forms");
        room(rooms, LANGUAGE, "", "expressions", "forms", "nodes");

        room(rooms, EVENTS, "inbox");
        room(rooms, EVENTS, "links");
        room(rooms, EVENTS, "operations", "inbox", "links");
        room(rooms, EVENTS, "delivery", "inbox", "operations");
        room(rooms, EVENTS, "memory");

        room(rooms, MICROMETER, "");
        room(rooms, OPENTELEMETRY, "");

        room(rooms, JWT, "");
        room(rooms, HTTP, "");
        room(rooms, "io.flowscript.ws.jetty", "");
        room(rooms, SERVLET, "");
        room(rooms, "io.flowscript.testkit", "");
        room(rooms, "io.flowscript.testkit", "protocol");
        room(rooms, "io.flowscript.testkit", "threads");
        room(rooms, "io.flowscript.testkit", "transport", "threads");
        room(rooms, "io.flowscript.testkit", "store", "threads");
        room(rooms, "io.flowscript.testkit", "crash");
        room(rooms, "io.flowscript.testkit", "fault", "protocol");
        return rooms;
    }

    private static void room(Map<String, Set<String>> rooms, String module, String name, String... uses) {
        rooms.put(
                qualified(module, name),
                Set.copyOf(List.of(uses).stream()
                        .map(use -> qualified(module, use))
                        .toList()));
    }

    private static String qualified(String module, String name) {
        return name.isEmpty() ? module : module + "." + name;
    }

    @Test
    void theScanIsNotEmpty() {
        assertThat(MODULES.keySet())
                .allSatisfy(module -> assertThat(Scan.MAIN)
                        .as(module)
                        .anyMatch(javaClass -> moduleOf(javaClass).equals(module)));
        assertThat(Scan.DESCRIPTORS).containsOnlyKeys(Scan.LIBRARIES);
        assertThat(Scan.TESTS).hasSizeGreaterThan(10);
    }

    @Test
    void modulesPointTowardsTheCore() {
        assertThat(violations((from, to) -> moduleOf(from).equals(moduleOf(to))
                        || MODULES.getOrDefault(moduleOf(from), Set.of()).contains(moduleOf(to))))
                .isEmpty();
    }

    @Test
    void descriptorsPointTowardsTheCore() {
        Scan.DESCRIPTORS.forEach((name, descriptor) -> assertThat(descriptor.requires().stream()
                        .map(ModuleDescriptor.Requires::name)
                        .filter(required -> required.startsWith("io.flowscript.")))
                .as(name)
                .isSubsetOf(MODULES.get(name)));
    }

    @Test
    void theCoreNeedsNothingButJavaBase() {
        assertNeedsOnly(CORE, Set.of());
    }

    @Test
    void theEngineNeedsNothingButTheCoreAndJavaBase() {
        assertNeedsOnly(ENGINE, Set.of(CORE));
    }

    /** Who takes the client takes no engine, no delivery, no expressions and no server with it. */
    @Test
    void theClientNeedsOnlyTheCoreTheMessagesAndTheJdk() {
        assertThat(Scan.DESCRIPTORS.get(CLIENT).requires())
                .extracting(ModuleDescriptor.Requires::name)
                .containsExactlyInAnyOrder("java.base", "java.net.http", "org.jspecify", CORE, JSON);
        assertThat(Scan.DESCRIPTORS.get(JSON).requires())
                .extracting(ModuleDescriptor.Requires::name)
                .containsExactlyInAnyOrder("java.base", "tools.jackson.core", "org.jspecify", CORE);
    }

    private static void assertNeedsOnly(String module, Set<String> others) {
        assertThat(Scan.DESCRIPTORS.get(module).requires())
                .allSatisfy(required -> assertThat(required.name().equals("java.base")
                                || others.contains(required.name())
                                || (required.name().equals("org.jspecify")
                                        && required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC)))
                        .as(required.toString())
                        .isTrue());

        List<String> foreign = new ArrayList<>();
        for (JavaClass from : Scan.MAIN) {
            if (moduleOf(from).equals(module)) {
                for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                    String to =
                            dependency.getTargetClass().getBaseComponentType().getName();
                    if (!moduleOf(dependency.getTargetClass().getBaseComponentType())
                                    .equals(module)
                            && !others.contains(
                                    moduleOf(dependency.getTargetClass().getBaseComponentType()))
                            && !to.startsWith("org.jspecify.annotations.")
                            && !isInJavaBase(dependency.getTargetClass().getBaseComponentType())) {
                        foreign.add(dependency.getDescription());
                    }
                }
            }
        }
        assertThat(foreign).isEmpty();
    }

    @Test
    void everyPackageHasARoom() {
        assertThat(Scan.MAIN.stream()
                        .filter(javaClass -> Scan.LIBRARIES.contains(moduleOf(javaClass)))
                        .map(JavaClass::getPackageName)
                        .distinct())
                .as("packages, each of which needs a row in ROOMS")
                .isSubsetOf(ROOMS.keySet());
    }

    @Test
    void roomsUseOnlyThoseBeforeThem() {
        assertThat(violations((from, to) -> !moduleOf(from).equals(moduleOf(to))
                        || from.getPackageName().equals(to.getPackageName())
                        || !ROOMS.containsKey(from.getPackageName())
                        || ROOMS.get(from.getPackageName()).contains(to.getPackageName())))
                .isEmpty();
    }

    @Test
    void aTransportKnowsOnlyTheBridge() {
        // The client at its other end reads JSON and keeps positions.
        Set<String> known = Set.of(
                "io.flowscript.events.memory",
                "io.flowscript.json.codec",
                "io.flowscript.core",
                "io.flowscript.core.bridge",
                "io.flowscript.core.concurrent",
                "io.flowscript.core.json",
                "io.flowscript.core.log");
        assertThat(violations((from, to) -> !from.getPackageName().equals("io.flowscript.events.memory")
                        || known.contains(to.getPackageName())))
                .isEmpty();
    }

    @Test
    void theHttpSideKnowsNoContainer() {
        assertThat(Scan.MAIN).anyMatch(javaClass -> moduleOf(javaClass).equals(HTTP));
        noClasses()
                .that()
                .resideInAPackage("io.flowscript.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.eclipse.jetty..",
                        "jakarta.servlet..",
                        "jakarta.websocket..",
                        "javax.servlet..",
                        "com.sun.net..")
                .because("an adapter brings it to a container")
                .check(Scan.MAIN);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.flowscript.(**)").should().beFreeOfCycles().check(Scan.MAIN);
    }

    @Test
    void onlyExportedPackagesAreUsedFromOutside() {
        assertThat(violations((from, to) -> moduleOf(from).equals(moduleOf(to))
                        || isExported(to.getPackageName(), moduleOf(to), moduleOf(from))))
                .isEmpty();
    }

    /** Stands in for the compiler's own warning, which would have the users of a module need its annotations too. */
    @Test
    void theApiSpeaksOnlyOfWhatItsUsersSee() {
        List<String> hidden = new ArrayList<>();
        for (JavaClass javaClass : Scan.MAIN) {
            if (isApi(javaClass)) {
                for (JavaMember member : javaClass.getMembers()) {
                    if (isForUsers(member)) {
                        member.getAllInvolvedRawTypes().stream()
                                .filter(type -> !isSeenWith(moduleOf(javaClass), type.getBaseComponentType()))
                                .forEach(type -> hidden.add(member.getFullName() + " speaks of " + type.getName()));
                    }
                }
            }
        }
        assertThat(Scan.MAIN).anyMatch(DirectionTest::isApi);
        assertThat(hidden).isEmpty();
    }

    private static boolean isApi(JavaClass javaClass) {
        return isExported(javaClass.getPackageName(), moduleOf(javaClass), "everybody")
                && javaClass.getModifiers().contains(JavaModifier.PUBLIC);
    }

    private static boolean isForUsers(JavaMember member) {
        return !member.getModifiers().contains(JavaModifier.SYNTHETIC)
                && (member.getModifiers().contains(JavaModifier.PUBLIC)
                        || (member.getModifiers().contains(JavaModifier.PROTECTED)
                                && !member.getOwner().getModifiers().contains(JavaModifier.FINAL)));
    }

    private static boolean isSeenWith(String module, JavaClass type) {
        if (Scan.LIBRARIES.contains(moduleOf(type))) {
            return isExported(type.getPackageName(), moduleOf(type), "everybody");
        }
        return isInJavaBase(type)
                || TRANSITIVE_LIBRARIES.getOrDefault(module, Set.of()).stream()
                        .anyMatch(prefix -> type.getName().startsWith(prefix));
    }

    /** The dependencies between the project's own classes that are not allowed. */
    private static List<String> violations(BiPredicate<JavaClass, JavaClass> allowed) {
        List<String> violations = new ArrayList<>();
        for (JavaClass from : Scan.MAIN) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass().getBaseComponentType();
                if (to.getName().startsWith("io.flowscript.") && !allowed.test(from, to)) {
                    violations.add(dependency.getDescription());
                }
            }
        }
        return violations;
    }

    private static String moduleOf(JavaClass javaClass) {
        return moduleOf(javaClass.getPackageName());
    }

    static String moduleOf(String name) {
        return MODULES.keySet().stream()
                .filter(module -> name.equals(module) || name.startsWith(module + "."))
                .findFirst()
                .orElse("none of the modules");
    }

    private static boolean isExported(String packageName, String module, String user) {
        ModuleDescriptor descriptor = Scan.DESCRIPTORS.get(module);
        return descriptor != null
                && descriptor.exports().stream()
                        .anyMatch(exports -> exports.source().equals(packageName)
                                && (!exports.isQualified() || exports.targets().contains(user)));
    }

    private static boolean isInJavaBase(JavaClass javaClass) {
        return javaClass.isPrimitive()
                || "java.base".equals(javaClass.reflect().getModule().getName());
    }
}
