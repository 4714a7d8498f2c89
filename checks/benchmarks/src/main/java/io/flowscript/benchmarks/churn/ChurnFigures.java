package io.flowscript.benchmarks.churn;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What all people of a churn count together. Safe for use by any thread. */
final class ChurnFigures {

    private static final int MOST_PROBLEMS = 20;

    private final LongAdder connected = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder left = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    void connected() {
        connected.increment();
    }

    void completed() {
        completed.increment();
    }

    void cancelled() {
        cancelled.increment();
    }

    void left() {
        left.increment();
    }

    void received(long events) {
        received.add(events);
    }

    /** Counts a problem, and keeps the first ones. */
    void problem(String text) {
        failed.increment();
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(text);
        }
    }

    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    List<String> problems() {
        return problems;
    }

    @Override
    public String toString() {
        return connected + " connects, " + completed + " completed, " + cancelled + " cancelled, " + left
                + " left waiting, " + received + " events, problems " + failed;
    }
}
