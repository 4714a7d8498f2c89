package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Change;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.engine.Timeline.Wait;
import java.time.Duration;
import java.time.Instant;

/** How an open interaction is claimed and released. Each method changes a draft, or leaves it alone when there is nothing to change. Stateless. */
final class ClaimRules {

    /** The maximum number of claims and releases of an interaction within a minute, which keeps its log small. */
    private static final int CHANGES_PER_MINUTE = 10;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private ClaimRules() {}

    /** Claims the interaction for a person, or extends the person's claim. */
    static void claim(Interaction interaction, SnapshotDraft draft, Identity by, Duration lease) {
        String name = InteractionRules.name(by);
        String refused = name == null
                ? "A claim is somebody's, and you have no name"
                : InteractionRules.barred(interaction, name);
        if (refused != null) {
            throw new FlowScriptException("forbidden", refused);
        }
        Claim held = interaction.claim();
        if (held != null) {
            checkHolder(held, by);
            if (draft.reading.left(Wait.claim(held)).compareTo(lease.dividedBy(2)) > 0) {
                return;
            }
        }
        checkRate(interaction, draft.now);
        Claim claim = new Claim(by.name(), draft.now.plus(lease));
        PauseToken token = interaction.token();
        draft.change(
                interaction,
                interaction.toBuilder()
                        .claim(claim)
                        .status(Status.CLAIMED)
                        .seenBy(draft.seenBy(interaction, by.name())),
                new HumanEvent.InputClaimed(
                        token.nodeId(), interaction.nodeName(), token.tokenId(), by.name(), claim.until()),
                by.name());
    }

    /** Releases the holder's claim. */
    static void release(Interaction interaction, SnapshotDraft draft, Identity by) {
        Claim held = interaction.claim();
        if (held != null) {
            checkHolder(held, by);
            checkRate(interaction, draft.now);
            over(interaction, draft, held, false);
        }
    }

    /** Removes the claim and returns the interaction without it. */
    static Interaction over(Interaction interaction, SnapshotDraft draft, Claim held, boolean lapsed) {
        PauseToken token = interaction.token();
        return draft.change(
                interaction,
                released(interaction),
                new HumanEvent.InputReleased(
                        token.nodeId(), interaction.nodeName(), token.tokenId(), held.by(), lapsed),
                held.by());
    }

    /** The interaction without a claim. */
    static Interaction.Builder released(Interaction interaction) {
        return interaction.toBuilder().claim(null).status(Status.OPEN);
    }

    static String heldBy(Claim claim) {
        return claim.by() + " has claimed this interaction until " + claim.until();
    }

    private static void checkHolder(Claim held, Identity by) {
        if (!held.by().equals(by.name())) {
            throw new FlowScriptException("already_claimed", heldBy(held));
        }
    }

    private static void checkRate(Interaction interaction, Instant now) {
        int recent = 0;
        for (Change change : interaction.history()) {
            boolean counts = change.what().equals(EventType.HUMAN_INPUT_CLAIMED)
                    || change.what().equals(EventType.HUMAN_INPUT_RELEASED);
            // A change that seems to be in the future was made before the clock was set back; how long ago is not
            // known.
            Duration ago = Duration.between(change.at(), now);
            if (counts && !ago.isNegative() && ago.compareTo(MINUTE) < 0) {
                recent++;
            }
        }
        if (recent >= CHANGES_PER_MINUTE) {
            throw new FlowScriptException(
                    "rate_limited",
                    "An interaction can be claimed and released " + CHANGES_PER_MINUTE
                            + " times a minute; try again in a minute");
        }
    }
}
