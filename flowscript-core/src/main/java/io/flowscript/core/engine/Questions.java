package io.flowscript.core.engine;

import io.flowscript.core.engine.ExecutionSnapshot.ClosedQuestion;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.PauseToken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The questions of all executions: each is kept by its execution, here they are found. Safe for use by any thread. */
final class Questions implements Interactions {

    private static final int MAX_LISTED = 1_000;
    private static final Comparator<OpenQuestion> BY_AGE = Comparator.comparing(OpenQuestion::requestedAt);

    private final Executions executions;

    Questions(Executions executions) {
        this.executions = executions;
    }

    @Override
    public List<OpenQuestion> open() {
        PriorityQueue<OpenQuestion> oldest = new PriorityQueue<>(BY_AGE.reversed());
        for (WorkflowExecution execution : executions.all()) {
            for (OpenQuestion question : execution.questions()) {
                oldest.add(question);
                if (oldest.size() > MAX_LISTED) {
                    oldest.remove();
                }
            }
        }
        List<OpenQuestion> sorted = new ArrayList<>(oldest);
        sorted.sort(BY_AGE);
        return List.copyOf(sorted);
    }

    @Override
    public Receipt answer(PauseToken token, @Nullable Object answer, AnswerOptions options) {
        Object frozen = Json.freeze(answer);
        WorkflowExecution execution = executions.get(token.executionId());
        return execution == null ? new Receipt.NotFound() : execution.answer(token, frozen, options);
    }

    @Override
    public Receipt answer(String executionId, String nodeId, @Nullable Object answer, AnswerOptions options) {
        Object frozen = Json.freeze(answer);
        WorkflowExecution execution = executions.get(executionId);
        PauseToken token = execution == null ? null : token(execution.snapshot(), nodeId);
        return execution == null || token == null ? new Receipt.NotFound() : execution.answer(token, frozen, options);
    }

    /** The oldest question that the visit has open, or else the one that was closed last. */
    private static @Nullable PauseToken token(ExecutionSnapshot execution, String nodeId) {
        for (OpenQuestion question : execution.open()) {
            if (question.token().nodeId().equals(nodeId)) {
                return question.token();
            }
        }
        PauseToken last = null;
        for (ClosedQuestion question : execution.closed()) {
            if (question.token().nodeId().equals(nodeId)) {
                last = question.token();
            }
        }
        return last;
    }
}
