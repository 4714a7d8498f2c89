package io.flowscript.events.operations;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came of commands: by who sent them and under which id, so many in all, so many of each sender, for so long; those that are too many or too
 * old are forgotten, the oldest first. A command that is being carried out is never forgotten, and leaves nothing when it fails.
 *
 * <p>The lock guards everything, and nothing is called with it held. Safe for use by any thread.
 */
final class CommandReceipts {

    private final InstantSource clock;
    private final int max;
    private final int maxPerSender;
    private final Duration time;

    private final Object lock = new Object();

    /** Of each sender those that were carried out last at the end. */
    private final Map<String, LinkedHashMap<String, Receipt>> bySender = new HashMap<>();

    /** Those that were carried out, the oldest first. */
    private final Set<Receipt> done = new LinkedHashSet<>();

    CommandReceipts(InstantSource clock, int max, int maxPerSender, Duration time) {
        this.clock = clock;
        this.max = max;
        this.maxPerSender = maxPerSender;
        this.time = time;
    }

    /**
     * What came of a command, as far as it cannot be told anew.
     *
     * @param question the question it was about, if it was about one
     * @param claim the claim, if it was one
     */
    record Outcome(@Nullable PauseToken question, Interaction.@Nullable Claim claim) {

        /** Everything can be told anew. */
        static final Outcome DONE = new Outcome(null, null);
    }

    /** Somebody is about to carry a command out, or would be if it had not been. */
    record Attempt(
            Receipt receipt, boolean isFirst, @Nullable Outcome outcome) {

        /** The execution that it is about, or that it is to make: the one that was named by who came first. */
        String executionId() {
            return receipt.executionId;
        }
    }

    /** One command; compared by identity. */
    static final class Receipt {

        private final String sender;
        private final String id;
        private final String digest;
        private final String executionId;

        /** How many carry it out at this moment. */
        private int underWay;

        private @Nullable Outcome outcome;
        private Instant at = Instant.MIN;

        private Receipt(String sender, String id, String digest, String executionId) {
            this.sender = sender;
            this.id = id;
            this.digest = digest;
            this.executionId = executionId;
        }
    }

    /**
     * Looks a command up. Without an outcome it is to be carried out, and to be ended in any case.
     *
     * @throws OperationException with {@link ErrorCode#IDEMPOTENCY_CONFLICT} when the id stands for another one
     */
    Attempt begin(String sender, String id, String digest, String executionId) {
        Instant now = clock.instant();
        synchronized (lock) {
            forgetBefore(now.minus(time));
            Map<String, Receipt> theirs = bySender.computeIfAbsent(sender, who -> new LinkedHashMap<>());
            Receipt there = theirs.get(id);
            if (there == null) {
                Receipt made = new Receipt(sender, id, digest, executionId);
                made.underWay = 1;
                theirs.put(id, made);
                return new Attempt(made, true, null);
            }
            if (!there.digest.equals(digest)) {
                throw new OperationException(
                        ErrorCode.IDEMPOTENCY_CONFLICT,
                        "This id was used before, as idempotency key of another command or with other content; nothing was done."
                                + " Take a new one for a new command");
            }
            if (there.outcome == null) {
                there.underWay++;
            }
            return new Attempt(there, false, there.outcome);
        }
    }

    /** Ends an attempt that had no outcome to begin with: with one, or with null when it failed. */
    void end(Attempt attempt, @Nullable Outcome outcome) {
        Receipt receipt = attempt.receipt();
        Instant now = clock.instant();
        synchronized (lock) {
            receipt.underWay--;
            if (receipt.outcome != null) {
                return;
            }
            if (outcome != null) {
                receipt.outcome = outcome;
                receipt.at = now;
                keep(receipt);
            } else if (receipt.underWay == 0) {
                remove(receipt);
            }
        }
    }

    /** Forgets what one sender's commands came to. */
    void forget(String sender) {
        synchronized (lock) {
            Map<String, Receipt> theirs = bySender.getOrDefault(sender, new LinkedHashMap<>());
            theirs.values().removeIf(done::remove);
            if (theirs.isEmpty()) {
                bySender.remove(sender);
            }
        }
    }

    /** How many there are, those of commands that are being carried out too. */
    int size() {
        synchronized (lock) {
            return bySender.values().stream().mapToInt(Map::size).sum();
        }
    }

    private void keep(Receipt receipt) {
        LinkedHashMap<String, Receipt> theirs = bySender.computeIfAbsent(receipt.sender, who -> new LinkedHashMap<>());
        theirs.remove(receipt.id);
        theirs.put(receipt.id, receipt);
        done.add(receipt);
        if (theirs.size() > maxPerSender) {
            forgetOldest(theirs.values().iterator());
        }
        if (done.size() > max) {
            forgetOldest(done.iterator());
        }
    }

    private void forgetOldest(Iterator<Receipt> oldestFirst) {
        while (oldestFirst.hasNext()) {
            Receipt oldest = oldestFirst.next();
            if (oldest.outcome != null) {
                forget(oldest);
                return;
            }
        }
    }

    private void forgetBefore(Instant old) {
        Iterator<Receipt> oldestFirst = done.iterator();
        while (oldestFirst.hasNext()) {
            Receipt oldest = oldestFirst.next();
            if (oldest.at.isAfter(old)) {
                return;
            }
            oldestFirst.remove();
            remove(oldest);
        }
    }

    private void forget(Receipt receipt) {
        done.remove(receipt);
        remove(receipt);
    }

    private void remove(Receipt receipt) {
        Map<String, Receipt> theirs = bySender.get(receipt.sender);
        if (theirs != null && theirs.remove(receipt.id, receipt) && theirs.isEmpty()) {
            bySender.remove(receipt.sender);
        }
    }
}
