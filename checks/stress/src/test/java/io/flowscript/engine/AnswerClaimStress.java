package io.flowscript.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Somebody answers when somebody else takes the question on: either the claim comes too late, or the answer is turned away and may come again. */
@JCStressTest
@Outcome(
        id = "Accepted, already_resolved, answered completed",
        expect = Expect.ACCEPTABLE,
        desc = "The answer came first.")
@Outcome(id = "Forbidden, CLAIMED, claimed", expect = Expect.ACCEPTABLE, desc = "The claim came first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both won, neither won, or the loser was told something wrong.")
@State
public class AnswerClaimStress {
    private final QuestionFixture asked = new QuestionFixture();

    @Actor
    public void answer(LLL_Result result) {
        result.r1 = asked.answer();
    }

    @Actor
    public void claim(LLL_Result result) {
        result.r2 = asked.claim("bob");
    }

    @Arbiter
    public void outcome(LLL_Result result) {
        result.r3 = asked.outcome();
    }
}
