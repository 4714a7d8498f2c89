package io.flowscript.benchmarks.engine;

import io.flowscript.engine.FlowScript;
import java.util.Map;

/** An engine without a store, which forgets the oldest executions. */
final class FlowScriptLoad implements EngineProcess.Load {

    private static final int REMEMBERED = 1_000;

    private final FlowScript flows = EngineRates.engine(EngineProcess.NODES, REMEMBERED);
    private final InFlight inFlight = new InFlight();

    @Override
    public void run(int executions) throws Exception {
        for (int i = 0; i < executions; i++) {
            inFlight.add(flows.start("chain", Map.of()).result());
        }
        inFlight.awaitAll();
    }

    @Override
    public String about() {
        return "";
    }

    @Override
    public void close() {
        flows.close();
    }
}
