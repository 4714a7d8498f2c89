package io.flowscript.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Somebody answers what they saw when something else is shown: either that comes too late, or the answer is stale and the question open. */
@JCStressTest
@Outcome(
        id = "Accepted, already_resolved, answered completed",
        expect = Expect.ACCEPTABLE,
        desc = "The answer came first.")
@Outcome(id = "Stale, OPEN, revised", expect = Expect.ACCEPTABLE, desc = "The revision came first.")
@Outcome(
        expect = Expect.FORBIDDEN,
        desc = "What was answered is not what was seen, or the loser was told something wrong.")
@State
public class AnswerReviseStress {
    private final QuestionFixture asked = new QuestionFixture();

    @Actor
    public void answer(LLL_Result result) {
        result.r1 = asked.answerAsSeen();
    }

    @Actor
    public void revise(LLL_Result result) {
        result.r2 = asked.revise();
    }

    @Arbiter
    public void outcome(LLL_Result result) {
        result.r3 = asked.outcome();
    }
}
