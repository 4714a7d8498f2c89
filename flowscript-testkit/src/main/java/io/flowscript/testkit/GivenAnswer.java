package io.flowscript.testkit;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.PauseToken;
import org.jspecify.annotations.Nullable;

/**
 * An answer given during an exploration.
 *
 * @param moment the number of the moment
 * @param by the person
 * @param key the idempotency key, or null
 * @param token the token of the interaction
 * @param node the name of the node that asks
 * @param answer the answer
 * @param right whether the answer is valid for the form
 * @param open whether the interaction was open before
 * @param receipt the receipt
 */
record GivenAnswer(
        int moment,
        Identity by,
        @Nullable String key,
        PauseToken token,
        String node,
        @Nullable Object answer,
        boolean right,
        boolean open,
        Receipt receipt) {

    /** {@return whether this answer repeats an earlier one} */
    boolean repeats(GivenAnswer before) {
        return key != null && key.equals(before.key) && by.equals(before.by) && isAbout(before.token.tokenId());
    }

    boolean isAbout(String tokenId) {
        return token.tokenId().equals(tokenId);
    }

    @Override
    public String toString() {
        return "at moment " + moment + " " + by.name() + " answers " + node + " with " + EventLines.json(answer)
                + (key == null ? "" : " under the key " + key) + ": " + Story.text(receipt);
    }
}
