package io.flowscript.engine;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.log.memory.MemoryEventLog;
import io.flowscript.core.observe.FlowScriptObserver;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens in an engine, and tells the application's observer. Safe for use by any thread. */
final class Observation implements FlowScriptObserver {

    private final FlowScriptObserver observer;
    private final LongAdder started = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder steps = new LongAdder();
    private final LongAdder appended = new LongAdder();
    private final LongAdder asked = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder connected = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder deliveredBytes = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /**
     * Creates an observation.
     *
     * @param observer the application's observer, whose exceptions are caught here
     */
    Observation(FlowScriptObserver observer) {
        this.observer = GuardedObserver.guard(observer);
    }

    EngineCounts counts() {
        return new EngineCounts(
                started.sum(),
                ended.sum(),
                steps.sum(),
                appended.sum(),
                asked.sum(),
                answered.sum(),
                connected.sum(),
                delivered.sum(),
                deliveredBytes.sum(),
                refused.sum());
    }

    /** {@return whether there is an observer, for which durations are taken} */
    boolean isObserved() {
        return observer != NONE;
    }

    /** An event was appended. Its weight is computed only for an observer. */
    void appended(Event event) {
        appended.increment();
        if (isObserved()) {
            observer.appended(event.type(), MemoryEventLog.weight(event));
        }
    }

    @Override
    public void appended(EventType type, long weight) {
        appended.increment();
        observer.appended(type, weight);
    }

    @Override
    public void executionStarted(String workflowId) {
        started.increment();
        observer.executionStarted(workflowId);
    }

    @Override
    public void executionEnded(String workflowId, EventType lastEvent) {
        ended.increment();
        observer.executionEnded(workflowId, lastEvent);
    }

    @Override
    public void stepped() {
        steps.increment();
        observer.stepped();
    }

    @Override
    public void nodeCalled(String workflowId, String nodeName, boolean succeeded, long nanos) {
        observer.nodeCalled(workflowId, nodeName, succeeded, nanos);
    }

    @Override
    public void committed(int events, boolean stored, long nanos) {
        observer.committed(events, stored, nanos);
    }

    @Override
    public void shardsTaken(int shards) {
        observer.shardsTaken(shards);
    }

    @Override
    public void asked(String workflowId) {
        asked.increment();
        observer.asked(workflowId);
    }

    @Override
    public void answered(String receiptCode, long nanos) {
        answered.increment();
        observer.answered(receiptCode, nanos);
    }

    @Override
    public void connected(String transport) {
        connected.increment();
        observer.connected(transport);
    }

    @Override
    public void closed(String transport, int closeCode) {
        observer.closed(transport, closeCode);
    }

    @Override
    public void delivered(int events, int bytes) {
        delivered.add(events);
        deliveredBytes.add(bytes);
        observer.delivered(events, bytes);
    }

    @Override
    public void deliveredLive(long appendedAt) {
        observer.deliveredLive(appendedAt);
    }

    @Override
    public void filtered(int events) {
        observer.filtered(events);
    }

    @Override
    public void conflated(int events) {
        observer.conflated(events);
    }

    @Override
    public void redactionFailed() {
        observer.redactionFailed();
    }

    @Override
    public void holeTold(String cause) {
        observer.holeTold(cause);
    }

    @Override
    public void commandHandled(String type) {
        observer.commandHandled(type);
    }

    @Override
    public void refused(String code) {
        refused.increment();
        observer.refused(code);
    }
}
