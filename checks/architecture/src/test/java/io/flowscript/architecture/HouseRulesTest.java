package io.flowscript.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house that a compiler does not know. */
final class HouseRulesTest {
    private static final JavaClasses LIBRARIES = Scan.MAIN.that(not(resideInAnyPackage("io.flowscript.examples..")));

    private static final ArchRule NOTHING_SLEEPS = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .orShould()
            .callMethod(TimeUnit.class, "sleep", long.class)
            .because("what waits, waits for a condition; time comes from a clock that tests replace");

    /** A native image has to be told of what is found by its name: NativeImageHints of the Spring Boot starter does that. */
    private static final ArchRule NOTHING_IS_FOUND_BY_NAME = noClasses()
            .that(not(resideInAnyPackage("io.flowscript.testkit..")))
            .and()
            .doNotHaveFullyQualifiedName("io.flowscript.store.jdbc.Notifications")
            .should()
            .callMethodWhere(target(owner(type(Class.class)))
                    .and(target(nameMatching("forName|newInstance|get(Declared)?(Method|Field|Constructor)s?"))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(ClassLoader.class))).and(target(name("loadClass"))))
            .orShould()
            .callMethodWhere(target(owner(type(Proxy.class))))
            .orShould()
            .callMethodWhere(target(owner(type(MethodHandles.Lookup.class))))
            .because("a native image has only those members of which NativeImageHints tells it");

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() {
        assertThat(Scan.MAIN.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allSatisfy(javaPackage -> {
                    assertThat(javaPackage.tryGetPackageInfo())
                            .as("package-info of %s", javaPackage.getName())
                            .isPresent();
                    assertThat(javaPackage.isAnnotatedWith(NullMarked.class))
                            .as("@NullMarked on %s", javaPackage.getName())
                            .isTrue();
                });
    }

    @Test
    void librariesPrintNothing() {
        assertThat(LIBRARIES).isNotEmpty();
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(LIBRARIES);
    }

    @Test
    void nothingSleeps() {
        NOTHING_SLEEPS.check(Scan.MAIN);
    }

    @Test
    void noTestSleeps() {
        assertThat(Scan.TESTS).hasSizeGreaterThan(10);
        NOTHING_SLEEPS.check(Scan.TESTS);
    }

    @Test
    void nothingIsFoundByNameButWhatNativeImagesAreToldOf() {
        NOTHING_IS_FOUND_BY_NAME.check(LIBRARIES);
        assertThat(LIBRARIES.contain("io.flowscript.store.jdbc.Notifications")).isTrue();
    }

    @Test
    void noLockIsPartOfTheApi() {
        noMethods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .should()
                .haveModifier(SYNCHRONIZED)
                .because("a lock that callers can take is a lock that callers can hold")
                .check(LIBRARIES);
    }
}
