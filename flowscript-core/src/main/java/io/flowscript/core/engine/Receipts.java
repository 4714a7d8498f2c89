package io.flowscript.core.engine;

import io.flowscript.core.engine.ExecutionSnapshot.ClosedQuestion;
import io.flowscript.core.engine.ExecutionSnapshot.Closing;
import io.flowscript.core.runtime.PauseToken;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What those learn who answer a question that is not open any more. Stateless. */
final class Receipts {

    private Receipts() {}

    static Receipt closed(
            ExecutionSnapshot execution, PauseToken token, @Nullable Object answer, AnswerOptions options) {
        for (ClosedQuestion question : execution.closed()) {
            if (question.token().tokenId().equals(token.tokenId())) {
                return receipt(question, answer, options);
            }
        }
        return new Receipt.NotFound();
    }

    private static Receipt receipt(ClosedQuestion question, @Nullable Object answer, AnswerOptions options) {
        if (question.how() == Closing.EXPIRED) {
            return new Receipt.Expired(question.token(), question.at());
        }
        if (question.how() == Closing.CANCELLED) {
            return new Receipt.Cancelled(question.token(), question.at());
        }
        boolean repeated = options.idempotencyKey() != null
                && options.idempotencyKey().equals(question.idempotencyKey())
                && Objects.equals(options.by(), question.by());
        if (!repeated) {
            return new Receipt.AlreadyResolved(question.token(), question.by(), question.at());
        }
        return Objects.equals(answer, question.answer())
                ? new Receipt.Accepted(question.token(), question.at())
                : new Receipt.Conflict(question.token());
    }
}
