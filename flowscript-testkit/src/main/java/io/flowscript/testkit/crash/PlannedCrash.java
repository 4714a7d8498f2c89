package io.flowscript.testkit.crash;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * A crash of a schedule.
 *
 * @param executionId whose commits are counted
 * @param commits at which of them, counted from 1 after the crash before
 * @param moment when
 */
record PlannedCrash(String executionId, int commits, Moment moment) {

    /** A prime, so that few seeds are spread over all commits, and many go through all of them. */
    private static final long STRIDE = 1_000_003;

    /** As many as the shorter workflows have, about. */
    private static final int FEW_COMMITS = 8;

    private static final int MOST_MORE = 2;

    /** When the process is killed. */
    enum Moment {
        /** Before the commit is handed to the store. */
        BEFORE,
        /** While the commit is written. */
        WITHIN,
        /** When the commit is durable and acknowledged, and the engine has not gone on. */
        AFTER,
        /** When the engine has done what follows from the commit, and waits for people or for time. */
        IDLE
    }

    /**
     * Plans the crashes of a schedule. The first one goes through all commits and moments, seed after seed; the others are
     * drawn.
     *
     * @param points how many commits the first execution has, about; 0 for a schedule without crashes
     * @param executions the ids of the executions
     */
    static Deque<PlannedCrash> plan(long seed, int points, List<String> executions, Random random) {
        Deque<PlannedCrash> planned = new ArrayDeque<>();
        if (points > 0) {
            int moments = Moment.values().length - 1;
            long place = Math.floorMod((seed - 1) * STRIDE, (long) points * moments);
            planned.add(new PlannedCrash(
                    executions.get(0), (int) (place / moments) + 1, Moment.values()[(int) (place % moments)]));
            for (int more = random.nextInt(MOST_MORE + 1); more > 0; more--) {
                Moment moment = Moment.values()[random.nextInt(moments + 1)];
                int which = random.nextInt(executions.size());
                int commits = 1 + random.nextInt(which == 0 ? points / 2 + 1 : FEW_COMMITS);
                planned.add(new PlannedCrash(executions.get(which), commits, moment));
            }
        }
        return planned;
    }
}
