package io.flowscript.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;

@DisplayName("The contract of a shared store finds each fault, and reports no false one")
class SharedStoreContractTest {

    private static final int RULES = 15;

    @ParameterizedTest
    @EnumSource
    void eachFaultBreaksItsRulesAndNoOther(SharedFault fault) {
        Map<String, TestExecutionResult> outcomes = ContractRun.of(BrokenSharedStoreContract.class, fault);
        assertThat(outcomes).hasSize(RULES);
        Map<String, TestExecutionResult> failed = ContractRun.with(Status.FAILED, outcomes);
        assertThat(failed.keySet())
                .as(() -> failed.values().toString())
                .containsExactlyInAnyOrderElementsOf(fault.rules());
    }

    @Test
    void everyRuleCanBreak() {
        Set<String> broken = Stream.of(SharedFault.values())
                .flatMap(fault -> fault.rules().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(broken).hasSize(RULES);
    }

    @Test
    void theGuideListsTheRules() throws Exception {
        String guide = Files.readString(Path.of("../docs/guide-durable.md"));
        List<String> rules = Stream.of(SharedStoreContract.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getAnnotation(DisplayName.class).value())
                .map(rule -> "| " + rule.replaceFirst(" ", " | ") + " |")
                .toList();
        assertThat(rules).hasSize(RULES).allSatisfy(rule -> assertThat(guide).contains(rule));
    }
}
