package io.flowscript.core.interaction;

import io.flowscript.core.runtime.PauseToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;

/**
 * Where an interaction stands in the orders of interactions. If two were requested in the same microsecond, a hash of their
 * ids decides. A place tells nothing about the token.
 *
 * @param requested the time of the request, in microseconds since 1970
 * @param deadline the deadline, in microseconds since 1970; {@link Long#MAX_VALUE} for none
 * @param tieBreak a hash of the ids of the execution and of the interaction
 * @since 0.1.0
 */
public record InteractionPlace(long requested, long deadline, long tieBreak) {

    static final Comparator<InteractionPlace> BY_AGE =
            Comparator.comparingLong(InteractionPlace::requested).thenComparingLong(InteractionPlace::tieBreak);

    static final Comparator<InteractionPlace> BY_DEADLINE =
            Comparator.comparingLong(InteractionPlace::deadline).thenComparing(BY_AGE);

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    /** The last second whose microseconds are numbers of their own. */
    private static final long LAST_SECOND = Long.MAX_VALUE / MICROS_PER_SECOND - 1;

    /**
     * Returns the place of an interaction.
     *
     * @param interaction the interaction
     * @return its place
     */
    public static InteractionPlace of(Interaction interaction) {
        Instant deadline = interaction.deadline();
        return new InteractionPlace(
                micros(interaction.requestedAt()),
                deadline == null ? Long.MAX_VALUE : micros(deadline),
                hash(interaction.token()));
    }

    /**
     * Converts a time.
     *
     * @param time the time
     * @return the microseconds since 1970, rounded down; times that are more than 292,000 years away are treated as the
     *     last one before
     */
    public static long micros(Instant time) {
        long second = time.getEpochSecond();
        if (second > LAST_SECOND) {
            return LAST_SECOND * MICROS_PER_SECOND;
        }
        return Math.max(-LAST_SECOND, second) * MICROS_PER_SECOND + time.getNano() / NANOS_PER_MICRO;
    }

    private static long hash(PauseToken token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(token.executionId().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            byte[] hash = digest.digest(token.tokenId().getBytes(StandardCharsets.UTF_8));
            long first = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                first = first << Byte.SIZE | (hash[i] & 0xff);
            }
            return first;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
