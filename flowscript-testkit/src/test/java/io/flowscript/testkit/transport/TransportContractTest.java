package io.flowscript.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
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
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

@Tag("slow")
@DisplayName("The contract of a transport finds each fault, and reports no false one")
class TransportContractTest {

    private static final int AT_ONCE = 16;
    private static final int RULES = 41;

    private static final ExecutorService RUNS = Executors.newFixedThreadPool(AT_ONCE);
    private static final Map<Fault, Future<Map<String, TestExecutionResult>>> OUTCOMES = new EnumMap<>(Fault.class);

    /** Rules that fail wait for what does not come; so many runs at a time. */
    @BeforeAll
    static void runAll() {
        for (Fault fault : Fault.values()) {
            OUTCOMES.put(fault, RUNS.submit(() -> run(PipeContract.FAULT, fault.name())));
        }
    }

    @AfterAll
    static void end() {
        RUNS.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void eachFaultBreaksItsRulesAndNoOther(Fault fault) throws Exception {
        Map<String, TestExecutionResult> outcomes = OUTCOMES.get(fault).get();
        assertThat(outcomes).hasSize(RULES + 1);
        assertThat(with(Status.FAILED, outcomes).keySet())
                .as(() -> with(Status.FAILED, outcomes).values().toString())
                .containsExactlyInAnyOrderElementsOf(fault.rules());
        assertThat(with(Status.ABORTED, outcomes)).isEmpty();
    }

    @Test
    void everyRuleCanBreak() {
        Set<String> broken = Stream.of(Fault.values())
                .flatMap(fault -> fault.rules().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(broken).hasSize(RULES);
    }

    @Test
    void whoeverCanDoNothingSpecialIsAskedMostRulesAllTheSame() {
        Map<String, TestExecutionResult> outcomes = run(PipeContract.PLAIN, "true");
        assertThat(with(Status.ABORTED, outcomes).keySet())
                .containsExactlyInAnyOrder("T13", "T14", "T15", "T16", "T17", "T18", "T24", "T28", "T29", "T34", "T36");
        // It says that it cannot be pinged, and yet it answers.
        assertThat(with(Status.FAILED, outcomes).keySet()).containsExactly("T35");
    }

    @Test
    void whatFailsTellsTheRuleAndWhatWasSeen() throws Exception {
        TestExecutionResult outcome =
                OUTCOMES.get(Fault.SAYS_SENT_AFTER_THE_END).get().get("T22");
        assertThat(outcome.getThrowable().orElseThrow())
                .hasMessageContaining("T22 A send after closed() fails once")
                .hasMessageContaining("Seen: sent 1 times, failed 0 times");
    }

    @Test
    void theGuideListsTheRules() throws Exception {
        String guide = Files.readString(Path.of("../docs/guide-transport.md"));
        List<String> rules = Stream.of(TransportContract.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getAnnotation(DisplayName.class).value())
                .filter(rule -> !rule.startsWith("T0 "))
                .map(rule -> "| " + rule.replaceFirst(" ", " | ") + " |")
                .toList();
        assertThat(rules).hasSize(RULES).allSatisfy(rule -> assertThat(guide).contains(rule));
    }

    private static Map<String, TestExecutionResult> with(Status status, Map<String, TestExecutionResult> outcomes) {
        Map<String, TestExecutionResult> found = new TreeMap<>(Comparator.naturalOrder());
        outcomes.forEach((rule, outcome) -> {
            if (outcome.getStatus() == status) {
                found.put(rule, outcome);
            }
        });
        return found;
    }

    /** {@return what became of each rule} */
    private static Map<String, TestExecutionResult> run(String setting, String value) {
        Map<String, TestExecutionResult> outcomes = new ConcurrentHashMap<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(PipeContract.class))
                                .configurationParameter(setting, value)
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult outcome) {
                                if (test.isTest()) {
                                    outcomes.put(test.getDisplayName().split(" ", 2)[0], outcome);
                                }
                            }
                        });
        return outcomes;
    }
}
