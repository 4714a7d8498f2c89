package io.flowscript.testsupport;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * How far the Lincheck tests look: some seconds each in a build. {@code -Dinterleavings=20} looks at twenty times as many scenarios.
 *
 * <p>What a test checks is either that concurrent calls look like sequential ones ("linearizable"), or that its own
 * validation holds after each of them ("holds").
 */
public final class Interleavings {

    private static final int FACTOR = Integer.getInteger("interleavings", 1);
    private static final int THREADS = 3;

    static {
        // Its warnings are about records and lambdas, whose fields it need not track.
        System.setProperty("lincheck.logLevel", "ERROR");
    }

    private Interleavings() {}

    /** Every interleaving that a bounded search finds of random scenarios, on one simulated memory. */
    public static void modelCheckLinearizable(Class<?> test, int actorsPerThread) {
        modelChecking(actorsPerThread).check(test);
    }

    /** As {@link #modelCheckLinearizable}, for a validation. */
    public static void modelCheckHolds(Class<?> test, int actorsPerThread) {
        modelChecking(actorsPerThread).verifier(EpsilonVerifier.class).check(test);
    }

    /** As {@link #modelCheckLinearizable}, for something as large as a whole engine: two calls at a time, and few interleavings of them. */
    public static void modelCheckLarge(Class<?> test) {
        modelChecking(1)
                .iterations(4 * FACTOR)
                .invocationsPerIteration(20)
                .threads(2)
                .check(test);
    }

    /** Random scenarios on real threads. */
    public static void stressLinearizable(Class<?> test, int actorsPerThread) {
        stress(actorsPerThread).check(test);
    }

    /** As {@link #stressLinearizable}, for a validation. */
    public static void stressHolds(Class<?> test, int actorsPerThread) {
        stress(actorsPerThread).verifier(EpsilonVerifier.class).check(test);
    }

    private static ModelCheckingOptions modelChecking(int actorsPerThread) {
        return new ModelCheckingOptions()
                .iterations(5 * FACTOR)
                .invocationsPerIteration(300)
                .threads(THREADS)
                .actorsPerThread(actorsPerThread)
                .actorsBefore(0)
                .actorsAfter(1);
    }

    private static StressOptions stress(int actorsPerThread) {
        return new StressOptions()
                .iterations(5 * FACTOR)
                .invocationsPerIteration(1_000)
                .threads(THREADS)
                .actorsPerThread(actorsPerThread)
                .actorsBefore(0)
                .actorsAfter(1);
    }
}
