package io.flowscript.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** I6: an answer comes when the deadline passes: one of the two closes the question, and whoever answers learns which. */
@JCStressTest
@Outcome(id = "Accepted, answered completed", expect = Expect.ACCEPTABLE, desc = "The answer came first.")
@Outcome(id = "Expired, deadline completed", expect = Expect.ACCEPTABLE, desc = "The deadline came first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both won, neither won, or the loser was told something wrong.")
@State
public class AnswerDeadlineStress {
    private final QuestionFixture asked = new QuestionFixture();

    @Actor
    public void answer(LL_Result result) {
        result.r1 = asked.answer();
    }

    @Actor
    public void deadline() {
        asked.deadline();
    }

    @Arbiter
    public void outcome(LL_Result result) {
        result.r2 = asked.outcome();
    }
}
