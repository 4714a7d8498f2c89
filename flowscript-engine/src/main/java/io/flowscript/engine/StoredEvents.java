package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.memory.OlderEvents;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.ExecutionStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Reads the events of one execution from the store, for cursors that are behind what is in memory. Reading blocks, so it runs
 * on an executor whose tasks may. When it fails it is tried again for half a minute. Safe for use by any thread.
 */
final class StoredEvents implements OlderEvents {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());
    private static final int TRIES = 10;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private final ExecutionStore store;
    private final String executionId;
    private final String epoch;
    private final Position continued;
    private final long first;
    private final Executor executor;
    private final EngineClock clock;

    /**
     * Creates a reader.
     *
     * @param snapshot the execution when its log begins
     * @param epoch the epoch of the log; events of the epoch before are read as events of this one
     */
    StoredEvents(ExecutionStore store, ExecutionSnapshot snapshot, String epoch, Executor executor, EngineClock clock) {
        this.store = store;
        this.executionId = snapshot.executionId();
        this.epoch = epoch;
        this.continued = new Position(snapshot.epochBefore(), snapshot.seqBefore());
        this.first = snapshot.firstSeq();
        this.executor = executor;
        this.clock = clock;
    }

    @Override
    public Position continued() {
        return continued;
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public CompletionStage<List<RecordedEvent>> load(long after, int max) {
        CompletableFuture<List<RecordedEvent>> loaded = new CompletableFuture<>();
        submit(new Load(after, max, loaded), 1);
        return loaded;
    }

    @Override
    public List<RecordedEvent> read(long after, int max) {
        List<RecordedEvent> events = store.events(executionId, after, max);
        return events.isEmpty() || events.get(0).epoch().equals(epoch)
                ? events
                : events.stream().map(event -> event.inEpoch(epoch)).toList();
    }

    private record Load(long after, int max, CompletableFuture<List<RecordedEvent>> loaded) {}

    private void submit(Load load, int attempt) {
        try {
            executor.execute(() -> run(load, attempt));
        } catch (Throwable refused) {
            load.loaded().completeExceptionally(refused);
        }
    }

    private void run(Load load, int attempt) {
        try {
            load.loaded().complete(read(load.after(), load.max()));
        } catch (Throwable failure) {
            boolean closed =
                    failure instanceof FlowScriptException known && known.code().equals("store_closed");
            if (closed || attempt == TRIES) {
                LOGGER.log(
                        closed ? Level.DEBUG : Level.WARNING,
                        "Events of execution " + executionId + " after " + load.after()
                                + " cannot be read from the store",
                        failure);
                load.loaded().completeExceptionally(failure);
            } else {
                clock.schedule(FIRST_PAUSE.multipliedBy(1L << (attempt - 1)), () -> submit(load, attempt + 1));
            }
        }
    }
}
