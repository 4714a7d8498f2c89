package io.flowscript.events.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/** What somebody has heard who follows all executions in one process. */
final class Heard {

    private final String who;
    private final Map<String, List<Long>> numbers = new ConcurrentHashMap<>();

    /** The moment since which it hears of everything. */
    private volatile int since = Integer.MAX_VALUE;

    Heard(String who) {
        this.who = who;
    }

    void begins(int moment) {
        since = Math.min(since, moment);
    }

    void event(String executionId, long seq) {
        List<Long> heard = numbers.computeIfAbsent(executionId, id -> new ArrayList<>());
        synchronized (heard) {
            heard.add(seq);
        }
    }

    private List<Long> of(String executionId) {
        List<Long> heard = numbers.getOrDefault(executionId, List.of());
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    /**
     * Returns whether nothing is to be heard of an execution any more.
     *
     * @param begun when it may have begun
     * @param last the number of its last event
     */
    boolean hasAll(String executionId, int begun, long last) {
        return since >= begun || of(executionId).size() >= last;
    }

    /**
     * Adds what is wrong with what was heard of an execution.
     *
     * @param begun when it may have begun
     * @param last the number of its last event
     * @param isGone whether this one has gone before all was heard
     */
    void check(String executionId, int begun, long last, boolean isGone, List<String> wrong) {
        List<Long> heard = of(executionId);
        if (heard.isEmpty() && (isGone || since >= begun)) {
            return;
        }
        long from = since < begun || heard.isEmpty() ? 1 : heard.get(0);
        long to = isGone ? heard.get(heard.size() - 1) : last;
        if (!LongStream.rangeClosed(from, to).boxed().toList().equals(heard)) {
            wrong.add(who + " has heard " + heard + " of " + executionId + ", not " + from + " to " + to);
        }
    }

    @Override
    public String toString() {
        return who + " since " + since + " " + numbers;
    }
}
