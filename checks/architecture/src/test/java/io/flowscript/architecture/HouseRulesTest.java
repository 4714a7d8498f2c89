package io.flowscript.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
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
