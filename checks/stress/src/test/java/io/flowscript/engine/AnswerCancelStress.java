package io.flowscript.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** I3, I6: an answer comes when the execution is cancelled: one of the two closes the question, and it ends once. */
@JCStressTest
@Outcome(
        id = "Accepted, false, answered completed",
        expect = Expect.ACCEPTABLE,
        desc = "The answer came first, and the end too.")
@Outcome(
        id = "Accepted, true, answered cancelled",
        expect = Expect.ACCEPTABLE,
        desc = "The answer came first, the cancellation before the end.")
@Outcome(id = "Cancelled, true, cancelled cancelled", expect = Expect.ACCEPTABLE, desc = "The cancellation came first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both won, neither won, or the loser was told something wrong.")
@State
public class AnswerCancelStress {
    private final QuestionFixture asked = new QuestionFixture();

    @Actor
    public void answer(LLL_Result result) {
        result.r1 = asked.answer();
    }

    @Actor
    public void cancel(LLL_Result result) {
        result.r2 = asked.cancel();
    }

    @Arbiter
    public void outcome(LLL_Result result) {
        result.r3 = asked.outcome();
    }
}
