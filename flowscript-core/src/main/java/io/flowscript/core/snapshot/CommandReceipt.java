package io.flowscript.core.snapshot;

import io.flowscript.core.CommandKey;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record of a command that was carried out: it started the execution, cancelled it, or claimed or released one of its
 * interactions.
 *
 * @param key identifies the command
 * @param at the time at which it was carried out
 * @param token the interaction that the command changed; null when it was about the execution
 * @param claim the claim that the command made; null when it made none
 * @since 0.1.0
 */
public record CommandReceipt(
        CommandKey key, Instant at, @Nullable PauseToken token, Interaction.@Nullable Claim claim) {}
