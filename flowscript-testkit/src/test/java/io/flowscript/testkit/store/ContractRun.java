package io.flowscript.testkit.store;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a contract on a store with a fault. */
final class ContractRun {

    /** The parameter that tells the contract which fault its store has. */
    static final String FAULT = "fault";

    private ContractRun() {}

    /** {@return what became of each rule} */
    static Map<String, TestExecutionResult> of(Class<?> contract, Enum<?> fault) {
        Map<String, TestExecutionResult> outcomes = new ConcurrentHashMap<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(contract))
                                .configurationParameter(FAULT, fault.name())
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

    static Map<String, TestExecutionResult> with(Status status, Map<String, TestExecutionResult> outcomes) {
        Map<String, TestExecutionResult> found = new TreeMap<>(Comparator.naturalOrder());
        outcomes.forEach((rule, outcome) -> {
            if (outcome.getStatus() == status) {
                found.put(rule, outcome);
            }
        });
        return found;
    }
}
