package io.flowscript.events.operations;

import io.flowscript.core.CommandKey;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of commands, by sender and id. The number and the memory in total, the number of each sender and the age are
 * limited; the oldest outcomes are dropped first. A command that is being carried out is never dropped. A command that fails
 * leaves no outcome.
 *
 * <p>One lock guards all state, and no foreign code is called while it is held. Safe for use by any thread.
 */
final class CommandReceipts {

    /** The bytes of a receipt, its keys and its entries in the maps, without the characters of its texts. */
    private static final int BYTES = 550;

    private final EngineClock clock;
    private final int max;
    private final long maxBytes;
    private final int maxPerSender;
    private final long timeNanos;

    private final Object lock = new Object();

    /** The commands of each sender, the most recently completed at the end. */
    private final Map<String, LinkedHashMap<String, Receipt>> bySender = new HashMap<>();

    /** The completed commands, the oldest first. */
    private final Set<Receipt> done = new LinkedHashSet<>();

    /** The memory of the completed commands. */
    private long bytes;

    CommandReceipts(EngineClock clock, int max, long maxBytes, int maxPerSender, Duration time) {
        this.clock = clock;
        this.max = max;
        this.maxBytes = maxBytes;
        this.maxPerSender = maxPerSender;
        this.timeNanos = TimeUnit.NANOSECONDS.convert(time);
    }

    /**
     * The part of a command's result that cannot be computed again later.
     *
     * @param question the interaction that the command was about; null for none
     * @param claim the claim that the command made; null for none
     */
    record Outcome(@Nullable PauseToken question, Interaction.@Nullable Claim claim) {

        /** The whole result can be computed again. */
        static final Outcome DONE = new Outcome(null, null);
    }

    /** An attempt to carry out a command. It has an outcome when the command was carried out before. */
    record Attempt(
            Receipt receipt, boolean isFirst, @Nullable Outcome outcome) {

        /** The execution that the command is about or will start. */
        String executionId() {
            return receipt.executionId;
        }

        CommandKey key() {
            return receipt.key;
        }
    }

    /** A receipt that an execution has kept. */
    record Carried(String executionId, CommandReceipt receipt) {}

    /** One command; compared by identity. */
    static final class Receipt {

        private final CommandKey key;
        private volatile String executionId;

        /** The number of attempts that are carrying out the command now. */
        private int underWay;

        private @Nullable Outcome outcome;
        private long at;

        private Receipt(CommandKey key, String executionId) {
            this.key = key;
            this.executionId = executionId;
        }

        /** {@return about how much memory it needs: two bytes for each character, since names can be in any script} */
        private int weight() {
            int characters =
                    key.sender().length() + key.id().length() + key.digest().length();
            return BYTES + 2 * (characters + executionId.length());
        }
    }

    /**
     * Looks up a command. When the attempt has no outcome, the caller must carry out the command and then call {@link #end} in any case.
     *
     * @throws OperationException with {@link ErrorCode#IDEMPOTENCY_CONFLICT} when the id was used for another command
     */
    Attempt begin(CommandKey key, String executionId) {
        long now = clock.nanoTime();
        synchronized (lock) {
            forgetOld(now);
            Map<String, Receipt> theirs = bySender.computeIfAbsent(key.sender(), who -> new LinkedHashMap<>());
            Receipt there = theirs.get(key.id());
            if (there == null) {
                Receipt made = new Receipt(key, executionId);
                made.underWay = 1;
                theirs.put(key.id(), made);
                return new Attempt(made, true, null);
            }
            checkSame(there.key, key);
            if (there.outcome == null) {
                there.underWay++;
            }
            return new Attempt(there, false, there.outcome);
        }
    }

    /** Refuses a command whose id was used for another one. */
    static void checkSame(CommandKey known, CommandKey key) {
        if (!known.digest().equals(key.digest())) {
            throw new OperationException(
                    ErrorCode.IDEMPOTENCY_CONFLICT,
                    "This id was used before, as idempotency key of another command or with other content; nothing was done."
                            + " Take a new one for a new command");
        }
    }

    /** {@return how many outcomes are kept at most} */
    int max() {
        return max;
    }

    /** {@return whether the outcome of a command of this time is not too old} */
    boolean isKept(Instant at) {
        Duration age = Duration.between(at, clock.instant());
        return age.isNegative() || TimeUnit.NANOSECONDS.convert(age) < timeNanos;
    }

    /** Says that a command starts another execution than the first attempt has determined. */
    void moved(Attempt attempt, String executionId) {
        attempt.receipt().executionId = executionId;
    }

    /** Ends an attempt that had no outcome at its begin. The new outcome is null when the attempt failed. */
    void end(Attempt attempt, @Nullable Outcome outcome) {
        Receipt receipt = attempt.receipt();
        long now = clock.nanoTime();
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

    /**
     * Adds what executions have kept, as far as it is not too old. Called before any command comes.
     *
     * @param carried the receipts, in any order; when two have the same sender and id, the newest counts
     */
    void restore(List<Carried> carried) {
        Instant time = clock.instant();
        long now = clock.nanoTime();
        List<Carried> oldestFirst = new ArrayList<>(carried);
        oldestFirst.sort(Comparator.comparing(one -> one.receipt().at()));
        synchronized (lock) {
            for (Carried one : oldestFirst) {
                CommandReceipt kept = one.receipt();
                Duration age = Duration.between(kept.at(), time);
                long nanos = age.isNegative() ? 0 : TimeUnit.NANOSECONDS.convert(age);
                if (nanos < timeNanos) {
                    Receipt receipt = new Receipt(kept.key(), one.executionId());
                    receipt.outcome = new Outcome(kept.token(), kept.claim());
                    receipt.at = now - nanos;
                    forgetSame(receipt.key);
                    keep(receipt);
                }
            }
        }
    }

    private void forgetSame(CommandKey key) {
        Map<String, Receipt> theirs = bySender.get(key.sender());
        Receipt there = theirs == null ? null : theirs.get(key.id());
        if (there != null) {
            forget(there);
        }
    }

    /** Drops the outcomes of one sender's commands. */
    void forget(String sender) {
        synchronized (lock) {
            Map<String, Receipt> theirs = bySender.getOrDefault(sender, new LinkedHashMap<>());
            theirs.values().removeIf(this::forgetDone);
            if (theirs.isEmpty()) {
                bySender.remove(sender);
            }
        }
    }

    /** The number of commands held, including those that are being carried out. */
    int size() {
        synchronized (lock) {
            return bySender.values().stream().mapToInt(Map::size).sum();
        }
    }

    private void keep(Receipt receipt) {
        LinkedHashMap<String, Receipt> theirs =
                bySender.computeIfAbsent(receipt.key.sender(), who -> new LinkedHashMap<>());
        theirs.remove(receipt.key.id());
        theirs.put(receipt.key.id(), receipt);
        done.add(receipt);
        bytes += receipt.weight();
        if (theirs.size() > maxPerSender) {
            forgetOldest(theirs.values().iterator());
        }
        while (done.size() > max || bytes > maxBytes) {
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

    private void forgetOld(long now) {
        Iterator<Receipt> oldestFirst = done.iterator();
        while (oldestFirst.hasNext()) {
            Receipt oldest = oldestFirst.next();
            if (now - oldest.at < timeNanos) {
                return;
            }
            oldestFirst.remove();
            bytes -= oldest.weight();
            remove(oldest);
        }
    }

    private void forget(Receipt receipt) {
        forgetDone(receipt);
        remove(receipt);
    }

    private boolean forgetDone(Receipt receipt) {
        boolean was = done.remove(receipt);
        if (was) {
            bytes -= receipt.weight();
        }
        return was;
    }

    private void remove(Receipt receipt) {
        Map<String, Receipt> theirs = bySender.get(receipt.key.sender());
        if (theirs != null && theirs.remove(receipt.key.id(), receipt) && theirs.isEmpty()) {
            bySender.remove(receipt.key.sender());
        }
    }
}
