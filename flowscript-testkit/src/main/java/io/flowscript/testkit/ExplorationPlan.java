package io.flowscript.testkit;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What is done at which moment of a run. For one run.
 *
 * @param eager whether people answer as soon as nothing else can happen; otherwise they let time pass first, up to
 *     the last deadline
 * @param moment the moment of the action; -1 for none
 * @param action the action at that moment; null if moments and actions are drawn at random
 * @param seed the seed of all random choices
 * @param random the source of random choices
 */
record ExplorationPlan(boolean eager, int moment, @Nullable Action action, long seed, Random random) {

    private static final Action[] ACTIONS = Action.values();
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

    /** {@return the actions at a moment} */
    List<Action> at(int now) {
        Action one = action;
        if (one != null) {
            return now == moment ? List.of(one) : List.of();
        }
        return random.nextDouble() < OFTEN ? List.of(ACTIONS[random.nextInt(ACTIONS.length)]) : List.of();
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
