package io.flowscript.engine;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Creates the receipts for answers to closed interactions and for repeated answers. Stateless. */
final class Receipts {

    private Receipts() {}

    /** An interaction among some, by its token; null when it is not there. */
    static @Nullable Interaction find(List<Interaction> interactions, PauseToken token) {
        for (Interaction interaction : interactions) {
            if (interaction.token().tokenId().equals(token.tokenId())) {
                return interaction;
            }
        }
        return null;
    }

    static Receipt closed(
            ExecutionSnapshot execution, PauseToken token, @Nullable Object answer, AnswerOptions options) {
        Interaction closed = find(execution.closed(), token);
        if (closed == null || closed.closedAt() == null) {
            return new Receipt.NotFound();
        }
        Receipt repeated = repeated(closed, answer, options);
        if (repeated != null) {
            return repeated;
        }
        Instant at = closed.closedAt();
        if (closed.status() == Status.EXPIRED) {
            return new Receipt.Expired(closed.token(), at);
        }
        if (closed.status() == Status.CANCELLED) {
            return new Receipt.Cancelled(closed.token(), at);
        }
        Reply last = closed.replies().get(closed.replies().size() - 1);
        return new Receipt.AlreadyResolved(closed.token(), last.by(), at);
    }

    /** The receipt of an answer that came before under the same key; null when none did. */
    static @Nullable Receipt repeated(Interaction interaction, @Nullable Object answer, AnswerOptions options) {
        List<Reply> replies = interaction.replies();
        for (int i = 0; i < replies.size(); i++) {
            Reply reply = replies.get(i);
            if (options.idempotencyKey() != null
                    && options.idempotencyKey().equals(reply.idempotencyKey())
                    && Objects.equals(InteractionRules.name(options.by()), InteractionRules.name(reply.by()))) {
                boolean closes = interaction.status() == Status.ANSWERED && i == replies.size() - 1;
                return Objects.equals(answer, reply.data())
                        ? new Receipt.Accepted(interaction.token(), reply.at(), closes)
                        : new Receipt.Conflict(interaction.token());
            }
        }
        return null;
    }
}
