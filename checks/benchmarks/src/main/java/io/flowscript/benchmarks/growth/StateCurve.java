package io.flowscript.benchmarks.growth;

import io.flowscript.benchmarks.store.StoreScenarios;
import io.flowscript.benchmarks.store.TestDatabase;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The state of an execution, in values of at most 10 KB, of which a step changes one small one more. */
final class StateCurve implements Curve {

    private static final int VALUE = 10_000;
    private static final int STEPS = 500;
    private static final int DURABLE_STEPS = 50;

    @Override
    public String name() {
        return "state";
    }

    @Override
    public String title() {
        return "bytes of state";
    }

    @Override
    public int largest() {
        return 10_000_000;
    }

    @Override
    public int smallest() {
        return 1_000;
    }

    @Override
    public List<String> columns() {
        return List.of("µs of a step without a store", "µs of a step with SQLite");
    }

    @Override
    public double[] measure(int size) throws Exception {
        Map<String, Object> state = new LinkedHashMap<>();
        for (int left = size; left > 0; left -= VALUE) {
            state.put("value" + left, "x".repeat(Math.min(left, VALUE)));
        }
        double inMemory = StoreScenarios.step(builder(), state, STEPS);
        try (TestDatabase database = TestDatabase.of("sqlite")) {
            return new double[] {inMemory, StoreScenarios.step(builder().store(database.store()), state, DURABLE_STEPS)
            };
        }
    }

    private static FlowScriptBuilder builder() {
        return FlowScript.builder()
                .limits(EngineLimits.defaults().maxStateBytes(64L << 20).stateBytes(1L << 30));
    }
}
