package io.flowscript.testkit;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What is done at which moment of a run. For one run.
 *
 * @param eager whether people answer as soon as nothing else can happen; else they let time pass first, up to the last deadline
 * @param moment the moment of the action; -1 for none
 * @param action what is done then; null where moments and actions are drawn
 * @param seed what everything that is drawn is drawn from
 * @param random draws
 */
record ExplorationPlan(boolean eager, int moment, @Nullable Action action, long seed, Random random) {

    private static final Action[] DEEDS = Action.values();
    private static final double OFTEN = 0.15;

    static ExplorationPlan plain(boolean eager) {
        return new ExplorationPlan(eager, -1, Action.ANSWER, 0, new Random(0));
    }

    static ExplorationPlan at(boolean eager, int moment, Action action) {
        return new ExplorationPlan(eager, moment, action, moment, new Random(moment));
    }

    static ExplorationPlan drawn(long seed) {
        return new ExplorationPlan(seed % 2 == 0, -1, null, seed, new Random(seed));
    }

    boolean isDrawn() {
        return action == null;
    }

    /** {@return what is done at a moment} */
    List<Action> at(int now) {
        Action one = action;
        if (one != null) {
            return now == moment ? List.of(one) : List.of();
        }
        return random.nextDouble() < OFTEN ? List.of(DEEDS[random.nextInt(DEEDS.length)]) : List.of();
    }

    @Override
    public String toString() {
        String people = eager ? "people answer as soon as they can" : "people let time pass";
        if (isDrawn()) {
            return people + ", moments and actions drawn from the seed " + seed;
        }
        return people + (moment < 0 ? "" : ", " + action + " at moment " + moment);
    }
}
