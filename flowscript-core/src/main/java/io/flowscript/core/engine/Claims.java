package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Change;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.runtime.PauseToken;
import java.time.Duration;
import java.time.Instant;

/** Who has taken an open interaction on. Each is an input to a draft, which it leaves alone when there is nothing to change. Stateless. */
final class Claims {

    /** How often within a minute an interaction can be claimed and released, so that nobody floods its log. */
    private static final int CHANGES_PER_MINUTE = 10;

    private Claims() {}

    /** Somebody takes it on, or keeps it for longer. */
    static void claim(Interaction pause, Draft draft, Identity by, Duration lease) {
        String name = InteractionRules.name(by);
        String refused =
                name == null ? "A claim is somebody's, and you have no name" : InteractionRules.barred(pause, name);
        if (refused != null) {
            throw new FlowScriptException("forbidden", refused);
        }
        Claim held = pause.claim();
        if (held != null) {
            checkHolder(held, by);
            if (Duration.between(draft.now, held.until()).compareTo(lease.dividedBy(2)) > 0) {
                return;
            }
        }
        checkRate(pause, draft.now);
        InteractionDraft to = new InteractionDraft(pause);
        to.claim = new Claim(by.name(), draft.now.plus(lease));
        to.status = Status.CLAIMED;
        PauseToken token = pause.token();
        draft.change(
                pause,
                to,
                new HumanEvent.InputClaimed(
                        token.nodeId(), pause.nodeName(), token.tokenId(), by.name(), to.claim.until()),
                by.name());
    }

    /** Who has it gives it back. */
    static void release(Interaction pause, Draft draft, Identity by) {
        Claim held = pause.claim();
        if (held != null) {
            checkHolder(held, by);
            checkRate(pause, draft.now);
            over(pause, draft, held, false);
        }
    }

    /** Nobody has it any more; gives the interaction without the claim. */
    static Interaction over(Interaction pause, Draft draft, Claim held, boolean lapsed) {
        InteractionDraft to = new InteractionDraft(pause);
        to.release();
        PauseToken token = pause.token();
        return draft.change(
                pause,
                to,
                new HumanEvent.InputReleased(token.nodeId(), pause.nodeName(), token.tokenId(), held.by(), lapsed),
                held.by());
    }

    static String heldBy(Claim claim) {
        return claim.by() + " has taken this question on, until " + claim.until();
    }

    private static void checkHolder(Claim held, Identity by) {
        if (!held.by().equals(by.name())) {
            throw new FlowScriptException("already_claimed", heldBy(held));
        }
    }

    private static void checkRate(Interaction pause, Instant now) {
        int recent = 0;
        for (Change change : pause.history()) {
            boolean counts = change.what().equals(EventType.HUMAN_INPUT_CLAIMED)
                    || change.what().equals(EventType.HUMAN_INPUT_RELEASED);
            if (counts && change.at().plusSeconds(60).isAfter(now)) {
                recent++;
            }
        }
        if (recent >= CHANGES_PER_MINUTE) {
            throw new FlowScriptException(
                    "rate_limited",
                    "A question can be claimed and released " + CHANGES_PER_MINUTE
                            + " times a minute; try again in a minute");
        }
    }
}
