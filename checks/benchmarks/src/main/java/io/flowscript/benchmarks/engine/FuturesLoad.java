package io.flowscript.benchmarks.engine;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The least that the JDK offers: each node is a stage on a pool of threads. No events, no state, nothing can be followed. */
final class FuturesLoad implements EngineProcess.Load {

    private final ExecutorService threads =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    private final InFlight inFlight = new InFlight();

    @Override
    public void run(int executions) throws Exception {
        for (int i = 0; i < executions; i++) {
            CompletableFuture<Map<String, Object>> execution = CompletableFuture.completedFuture(Map.of());
            for (int node = 0; node < EngineProcess.NODES; node++) {
                execution = execution.thenApplyAsync(state -> state, threads);
            }
            inFlight.add(execution);
        }
        inFlight.awaitAll();
    }

    @Override
    public String about() {
        return "";
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
