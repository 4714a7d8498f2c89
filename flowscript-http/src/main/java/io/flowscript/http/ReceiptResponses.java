package io.flowscript.http;

import static io.flowscript.http.InteractionView.iso;
import static io.flowscript.http.RestResponse.fields;

import io.flowscript.core.Identity;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ShownChanges;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says what became of an answer to a question. Safe for use by any thread. */
final class ReceiptResponses {

    private final FlowScript flows;

    ReceiptResponses(FlowScript flows) {
        this.flows = flows;
    }

    /**
     * The answer for a receipt.
     *
     * @param executionId names the execution to who answered; null for somebody to whom it is not named
     * @param receipt the receipt
     * @param key what an answer is known by when it is sent again, for people
     * @return that it counts
     * @throws Refusal when it does not
     */
    RestResponse of(@Nullable String executionId, Receipt receipt, String key) {
        if (receipt instanceof Receipt.Accepted accepted) {
            return RestResponse.ok(
                    "executionId",
                    executionId,
                    "status",
                    accepted.closes() ? "resumed" : "paused",
                    "closes",
                    accepted.closes(),
                    "at",
                    iso(accepted.at()),
                    "message",
                    accepted.closes() ? "The answer counts" : "The answer counts; more are needed");
        }
        throw new Refusal(problem(receipt, key));
    }

    private Problem problem(Receipt receipt, String key) {
        ErrorCode code = ErrorCode.of(receipt.code()).orElse(ErrorCode.INTERNAL);
        if (receipt instanceof Receipt.Invalid invalid) {
            return Problem.of(code, "The answer does not fit the form; the question is still open")
                    .with(fields(
                            "violations",
                            invalid.violations().stream()
                                    .map(v -> fields("path", v.path(), "message", v.message(), "keyword", v.keyword()))
                                    .toList()));
        }
        if (receipt instanceof Receipt.AlreadyResolved resolved) {
            Identity by = resolved.by();
            return Problem.of(code, "Another answer was first")
                    .with(fields("by", by == null ? null : by.name(), "at", iso(resolved.at())));
        }
        if (receipt instanceof Receipt.Expired expired) {
            return Problem.of(code, "The question's time is over").with(fields("at", iso(expired.at())));
        }
        if (receipt instanceof Receipt.Cancelled cancelled) {
            return Problem.of(code, "The question was withdrawn").with(fields("at", iso(cancelled.at())));
        }
        if (receipt instanceof Receipt.Forbidden forbidden) {
            return Problem.of(code, forbidden.message()).with(fields("claim", claim(forbidden, code)));
        }
        if (receipt instanceof Receipt.Stale stale) {
            return Problem.of(
                            code, "What is shown has changed since; look at it again, and answer with its contextHash")
                    .with(fields(
                            "contextData",
                            stale.shown(),
                            "contextHash",
                            stale.contextHash(),
                            "seenData",
                            stale.seen(),
                            "changes",
                            stale.seen() == null ? null : ShownChanges.between(stale.seen(), stale.shown())));
        }
        if (receipt instanceof Receipt.Conflict) {
            return Problem.of(code, "This " + key + " was used before, with another answer; nothing has changed");
        }
        return Problem.of(code, "There is no such question in this execution; its status lists the open ones");
    }

    private @Nullable Map<String, @Nullable Object> claim(Receipt.Forbidden forbidden, ErrorCode code) {
        return code == ErrorCode.ALREADY_CLAIMED
                ? flows.interactions()
                        .find(forbidden.token())
                        .map(InteractionView::claim)
                        .orElse(null)
                : null;
    }
}
