package io.flowscript.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Two vote at once, and two votes are needed: both count, and exactly one of them, the second, closes the question. */
@JCStressTest
@Outcome(id = "counts, closes, voted answered completed", expect = Expect.ACCEPTABLE, desc = "The first one was first.")
@Outcome(
        id = "closes, counts, voted answered completed",
        expect = Expect.ACCEPTABLE,
        desc = "The second one was first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A vote was lost, or both closed, or neither.")
@State
public class TwoVotesStress {
    private final QuestionFixture asked = new QuestionFixture(QuestionFixture.TWO_VOTES);

    @Actor
    public void first(LLL_Result result) {
        result.r1 = asked.vote("ada");
    }

    @Actor
    public void second(LLL_Result result) {
        result.r2 = asked.vote("bob");
    }

    @Arbiter
    public void outcome(LLL_Result result) {
        result.r3 = asked.outcome();
    }
}
