package io.flowscript.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** I6: two answers come at once: one counts, the other is told that it came too late. */
@JCStressTest
@Outcome(
        id = "Accepted, AlreadyResolved, answered completed",
        expect = Expect.ACCEPTABLE,
        desc = "The first one counts.")
@Outcome(
        id = "AlreadyResolved, Accepted, answered completed",
        expect = Expect.ACCEPTABLE,
        desc = "The second one counts.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both won, neither won, or the loser was told something wrong.")
@State
public class TwoAnswersStress {
    private final QuestionFixture asked = new QuestionFixture();

    @Actor
    public void first(LLL_Result result) {
        result.r1 = asked.answer();
    }

    @Actor
    public void second(LLL_Result result) {
        result.r2 = asked.answer();
    }

    @Arbiter
    public void outcome(LLL_Result result) {
        result.r3 = asked.outcome();
    }
}
