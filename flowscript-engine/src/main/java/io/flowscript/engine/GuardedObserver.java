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
    public void asked(String workflowId) {
        guard("asked", () -> observer.asked(workflowId));
    }

    @Override
    public void answered(String receiptCode) {
        guard("answered", () -> observer.answered(receiptCode));
    }

    @Override
    public void connected() {
        guard("connected", () -> observer.connected());
    }

    @Override
    public void closed(int closeCode) {
        guard("closed", () -> observer.closed(closeCode));
    }

    @Override
    public void delivered(int events, int bytes) {
        guard("delivered", () -> observer.delivered(events, bytes));
    }

    @Override
    public void filtered(int events) {
        guard("filtered", () -> observer.filtered(events));
    }

    @Override
    public void holeTold() {
        guard("holeTold", () -> observer.holeTold());
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
