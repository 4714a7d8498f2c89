package io.flowscript.core.engine;

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
        try {
            observer.executionStarted(workflowId);
        } catch (RuntimeException | Error e) {
            failed("executionStarted", e);
        }
    }

    @Override
    public void executionEnded(String workflowId, EventType lastEvent) {
        try {
            observer.executionEnded(workflowId, lastEvent);
        } catch (RuntimeException | Error e) {
            failed("executionEnded", e);
        }
    }

    @Override
    public void stepped() {
        try {
            observer.stepped();
        } catch (RuntimeException | Error e) {
            failed("stepped", e);
        }
    }

    @Override
    public void appended(EventType type, long weight) {
        try {
            observer.appended(type, weight);
        } catch (RuntimeException | Error e) {
            failed("appended", e);
        }
    }

    @Override
    public void asked(String workflowId) {
        try {
            observer.asked(workflowId);
        } catch (RuntimeException | Error e) {
            failed("asked", e);
        }
    }

    @Override
    public void answered(String receiptCode) {
        try {
            observer.answered(receiptCode);
        } catch (RuntimeException | Error e) {
            failed("answered", e);
        }
    }

    @Override
    public void connected() {
        try {
            observer.connected();
        } catch (RuntimeException | Error e) {
            failed("connected", e);
        }
    }

    @Override
    public void closed(int closeCode) {
        try {
            observer.closed(closeCode);
        } catch (RuntimeException | Error e) {
            failed("closed", e);
        }
    }

    @Override
    public void delivered(int events, int bytes) {
        try {
            observer.delivered(events, bytes);
        } catch (RuntimeException | Error e) {
            failed("delivered", e);
        }
    }

    @Override
    public void filtered(int events) {
        try {
            observer.filtered(events);
        } catch (RuntimeException | Error e) {
            failed("filtered", e);
        }
    }

    @Override
    public void holeTold() {
        try {
            observer.holeTold();
        } catch (RuntimeException | Error e) {
            failed("holeTold", e);
        }
    }

    @Override
    public void refused(String code) {
        try {
            observer.refused(code);
        } catch (RuntimeException | Error e) {
            failed("refused", e);
        }
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
