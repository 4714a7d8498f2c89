package io.flowscript.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.event.EventType;
import io.flowscript.core.observe.FlowScriptObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forwards calls to an observer and catches its exceptions. The first failure of each method is logged. Safe for use
 * by any thread.
 */
final class GuardedObserver implements FlowScriptObserver {

    private static final Logger LOGGER = System.getLogger(FlowScriptObserver.class.getName());

    private final FlowScriptObserver observer;
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    private GuardedObserver(FlowScriptObserver observer) {
        this.observer = observer;
    }

    /** {@return the same observer, guarded; {@link FlowScriptObserver#NONE} needs no guard} */
    static FlowScriptObserver guard(FlowScriptObserver observer) {
        return observer == NONE ? NONE : new GuardedObserver(observer);
    }

    @Override
    public void executionStarted(String workflowId) {
        guard("executionStarted", () -> observer.executionStarted(workflowId));
    }

    @Override
    public void executionEnded(String workflowId, EventType lastEvent) {
        guard("executionEnded", () -> observer.executionEnded(workflowId, lastEvent));
    }

    @Override
    public void stepped() {
        guard("stepped", () -> observer.stepped());
    }

    @Override
    public void appended(EventType type, long weight) {
        guard("appended", () -> observer.appended(type, weight));
    }

    @Override
    public void nodeCalled(String workflowId, String nodeName, boolean succeeded, long nanos) {
        guard("nodeCalled", () -> observer.nodeCalled(workflowId, nodeName, succeeded, nanos));
    }

    @Override
    public void committed(int events, boolean stored, long nanos) {
        guard("committed", () -> observer.committed(events, stored, nanos));
    }

    @Override
    public void shardsTaken(int shards) {
        guard("shardsTaken", () -> observer.shardsTaken(shards));
    }

    @Override
    public void asked(String workflowId) {
        guard("asked", () -> observer.asked(workflowId));
    }

    @Override
    public void answered(String receiptCode, long nanos) {
        guard("answered", () -> observer.answered(receiptCode, nanos));
    }

    @Override
    public void connected(String transport) {
        guard("connected", () -> observer.connected(transport));
    }

    @Override
    public void closed(String transport, int closeCode) {
        guard("closed", () -> observer.closed(transport, closeCode));
    }

    @Override
    public void delivered(int events, int bytes) {
        guard("delivered", () -> observer.delivered(events, bytes));
    }

    @Override
    public void deliveredLive(long appendedAt) {
        guard("deliveredLive", () -> observer.deliveredLive(appendedAt));
    }

    @Override
    public void filtered(int events) {
        guard("filtered", () -> observer.filtered(events));
    }

    @Override
    public void conflated(int events) {
        guard("conflated", () -> observer.conflated(events));
    }

    @Override
    public void redactionFailed() {
        guard("redactionFailed", observer::redactionFailed);
    }

    @Override
    public void holeTold(String cause) {
        guard("holeTold", () -> observer.holeTold(cause));
    }

    @Override
    public void commandHandled(String type) {
        guard("commandHandled", () -> observer.commandHandled(type));
    }

    @Override
    public void refused(String code) {
        guard("refused", () -> observer.refused(code));
    }

    private void guard(String method, Runnable call) {
        Guard.run(call::run, thrown -> failed(method, thrown));
    }

    private void failed(String method, Throwable thrown) {
        if (failed.add(method)) {
            LOGGER.log(
                    Level.WARNING,
                    "The observer's method " + method
                            + " failed; nothing else is affected, and later failures of it are not logged",
                    thrown);
        }
    }
}
