package io.flowscript.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;

@Tag("slow")
@DisplayName("The contract of a store finds each fault, and reports no false one")
class StoreContractTest {

    private static final int AT_ONCE = 4;
    private static final int RULES = 35;

    private static final ExecutorService RUNS = Executors.newFixedThreadPool(AT_ONCE);
    private static final Map<Fault, Future<Map<String, TestExecutionResult>>> OUTCOMES = new EnumMap<>(Fault.class);

    /** A few rules that fail wait for what does not come; others run meanwhile. */
    @BeforeAll
    static void runAll() {
        for (Fault fault : Fault.values()) {
            OUTCOMES.put(fault, RUNS.submit(() -> ContractRun.of(BrokenStoreContract.class, fault)));
        }
    }

    @AfterAll
    static void end() {
        RUNS.shutdownNow();
        BrokenStore.endLeftThreads();
    }

    @ParameterizedTest
    @EnumSource
    void eachFaultBreaksItsRulesAndNoOther(Fault fault) throws Exception {
        Map<String, TestExecutionResult> outcomes = OUTCOMES.get(fault).get();
        assertThat(outcomes).hasSize(RULES);
        assertThat(ContractRun.with(Status.FAILED, outcomes).keySet())
                .as(() -> ContractRun.with(Status.FAILED, outcomes).values().toString())
                .containsExactlyInAnyOrderElementsOf(fault.rules());
        assertThat(ContractRun.with(Status.ABORTED, outcomes)).isEmpty();
    }

    @Test
    void everyRuleCanBreak() {
        Set<String> broken = Stream.of(Fault.values())
                .flatMap(fault -> fault.rules().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(broken).hasSize(RULES);
    }

    @Test
    void whoeverCompletesOnTheCallingThreadIsNotAskedOneRule() throws Exception {
        // Then no threads of other stores begin.
        for (Future<?> outcome : OUTCOMES.values()) {
            outcome.get();
        }
        Map<String, TestExecutionResult> outcomes = ContractRun.of(MemoryStoreContractTest.class, Fault.NONE);
        assertThat(outcomes).hasSize(RULES);
        assertThat(ContractRun.with(Status.FAILED, outcomes)).isEmpty();
        assertThat(ContractRun.with(Status.ABORTED, outcomes)).containsOnlyKeys("S14");
    }

    @Test
    void whatFailsTellsTheRuleWhatIsRightAndWhatWasSeen() throws Exception {
        assertThat(message(Fault.ACCEPTS_A_GAP, "S8"))
                .isEqualTo(
                        "S8 A commit that does not follow the last one is refused with store_failed and changes nothing"
                                + "\nRight: the stage fails with a FlowScriptException"
                                + "\nSeen: it completed as if all was well");
        assertThat(message(Fault.READS_THE_OLDEST_EVENTS, "S4"))
                .contains("\nRight: find with maxEvents 1 gives the events [21]\nSeen: the events [1]");
        assertThat(message(Fault.FORGETS_THE_VISIT, "S20"))
                .contains("\nRight: execution first is found as its commits have left it\nSeen: the snapshot ...")
                .contains("visit=null")
                .contains("\ninstead of ...");
        assertThat(message(Fault.CUTS_LARGE_TEXTS, "S17")).hasSizeLessThan(1_000);
    }

    private static String message(Fault fault, String rule) throws Exception {
        return OUTCOMES.get(fault).get().get(rule).getThrowable().orElseThrow().getMessage();
    }

    @Test
    void theSamplesHaveEachTypeOfEvent() {
        assertThat(Samples.events().stream().map(Event::type)).containsAll(EventType.BUILT_IN);
    }

    @Test
    void theGuideListsTheRules() throws Exception {
        String guide = Files.readString(Path.of("../docs/guide-durable.md"));
        List<String> rules = Stream.of(StoreContract.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getAnnotation(DisplayName.class).value())
                .map(rule -> "| " + rule.replaceFirst(" ", " | ") + " |")
                .toList();
        assertThat(rules).hasSize(RULES).allSatisfy(rule -> assertThat(guide).contains(rule));
    }
}
