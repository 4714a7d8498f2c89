package io.flowscript.events.operations;

import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.text.JsonText;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.operations.CommandReceipts.Attempt;
import io.flowscript.events.operations.CommandReceipts.Outcome;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out each command once, even when a client sends it several times. A repeated command, recognised by its id,
 * returns the result of the first one and changes nothing. A command that failed is not remembered, so a repetition
 * tries again. A command without an id is always new. Callers check the rights before. No lock is held while the engine
 * is called. Safe for use by any thread.
 */
final class OnceOnlyCommands {

    private static final int MAX_ID = 256;

    /** How often an id can be used again while the executions of the earlier commands are kept. */
    private static final int MAX_REUSES = 100;

    /** After which time a command that was under way is tried again. */
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final FlowScript flows;
    private final CommandReceipts receipts;
    private final RunningExecutions running;

    OnceOnlyCommands(FlowScript flows, CommandReceipts receipts, RunningExecutions running) {
        this.flows = flows;
        this.receipts = receipts;
        this.running = running;
    }

    /**
     * Starts a workflow. When the client leaves the id of the execution to the server, it follows from the sender and the id of
     * the command. So a repetition comes to the same execution, whatever process gets it, and none waits for another.
     */
    Operations.Started execute(Sender from, ClientMessage.Execute command) {
        String wanted = command.executionId();
        if (command.id() == null) {
            return new Operations.Started(start(from, command, wanted, null), false);
        }
        Attempt attempt = begin(from, command, wanted == null ? ExecutionIds.of(from, command.id()) : wanted);
        if (attempt.outcome() != null) {
            return new Operations.Started(found(attempt.executionId()), true);
        }
        Outcome outcome = null;
        try {
            Operations.Started started = startOrFind(from, command, attempt);
            outcome = Outcome.DONE;
            return started;
        } finally {
            receipts.end(attempt, outcome);
        }
    }

    Operations.Cancelled cancel(Sender from, ClientMessage.Cancel command, Execution execution) {
        boolean[] now = {false};
        once(from, command, execution.id(), key -> {
            now[0] = execution.cancel(command.reason(), from.named(), key);
            return Outcome.DONE;
        });
        return new Operations.Cancelled(execution, now[0]);
    }

    Operations.Claimed claim(Sender from, ClientMessage.Claim command, PauseToken question) {
        Outcome outcome = once(from, command, command.executionId(), key -> {
            Interaction claimed = flows.interactions().claim(question, from.who(), lease(command), key);
            return new Outcome(claimed.token(), claimed.claim());
        });
        return new Operations.Claimed(
                Objects.requireNonNull(outcome.question()), Objects.requireNonNull(outcome.claim()));
    }

    PauseToken release(Sender from, ClientMessage.Release command, PauseToken question) {
        Outcome outcome = once(
                from,
                command,
                command.executionId(),
                key -> new Outcome(
                        flows.interactions().release(question, from.who(), key).token(), null));
        return Objects.requireNonNull(outcome.question());
    }

    /** Forgets the commands of an anonymous sender that has disconnected. No other sender could repeat them. */
    void forget(Sender from) {
        if (from.isAnonymous()) {
            receipts.forget(from.scope());
        }
    }

    /**
     * Takes over what the executions remember that have started while receipts are kept, such as those of before a restart.
     * What older executions remember is looked up when a command names them.
     */
    void restore() {
        List<CommandReceipts.Carried> carried = new ArrayList<>();
        flows.executions().visit(null, null, execution -> {
            ExecutionSnapshot now = execution.snapshot();
            if (carried.size() >= receipts.max() || !receipts.isKept(now.createdAt())) {
                return false;
            }
            now.commands().forEach(receipt -> carried.add(new CommandReceipts.Carried(now.executionId(), receipt)));
            return true;
        });
        receipts.restore(carried);
    }

    /** {@return the outcome of a command that the execution remembers and the receipts do not; null when it is new} */
    private @Nullable Outcome remembered(String executionId, CommandKey key) {
        Execution execution = flows.executions().find(executionId).orElse(null);
        if (execution == null) {
            return null;
        }
        for (CommandReceipt receipt : execution.snapshot().commands()) {
            CommandKey known = receipt.key();
            if (known.sender().equals(key.sender()) && known.id().equals(key.id()) && receipts.isKept(receipt.at())) {
                CommandReceipts.checkSame(known, key);
                return new Outcome(receipt.token(), receipt.claim());
            }
        }
        return null;
    }

    /** The number of commands held. */
    int size() {
        return receipts.size();
    }

    /**
     * Carries out a command unless it was carried out before.
     *
     * @param work carries it out; its argument is the key that the execution remembers, null for a command without an id
     */
    private Outcome once(
            Sender from, ClientMessage command, String executionId, Function<@Nullable CommandKey, Outcome> work) {
        if (command.id() == null) {
            return work.apply(null);
        }
        Attempt attempt = begin(from, command, executionId);
        Outcome outcome = attempt.outcome();
        if (outcome != null) {
            return outcome;
        }
        try {
            checkAlone(attempt);
            outcome = remembered(executionId, attempt.key());
            if (outcome == null) {
                outcome = work.apply(attempt.key());
            }
            return outcome;
        } finally {
            receipts.end(attempt, outcome);
        }
    }

    private Attempt begin(Sender from, ClientMessage command, String executionId) {
        String id = Objects.requireNonNull(command.id());
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw new OperationException(
                    ErrorCode.INVALID_MESSAGE, "An idempotency key has 1 to " + MAX_ID + " characters");
        }
        return receipts.begin(new CommandKey(from.scope(), id, digest(command)), executionId);
    }

    private static void checkAlone(Attempt attempt) {
        if (!attempt.isFirst()) {
            throw OperationException.retried(
                    ErrorCode.RATE_LIMITED,
                    "The same command is being carried out at this moment; ask again in another one",
                    A_MOMENT);
        }
    }

    private Operations.Started startOrFind(Sender from, ClientMessage.Execute command, Attempt attempt) {
        String executionId = attempt.executionId();
        for (int i = 0; i < MAX_REUSES; i++) {
            try {
                return new Operations.Started(start(from, command, executionId, attempt.key()), !attempt.isFirst());
            } catch (FlowScriptException e) {
                boolean isFull = e.code().equals(ErrorCode.TOO_MANY_EXECUTIONS.id());
                if (!isFull && !e.code().equals(ErrorCode.EXECUTION_EXISTS.id())) {
                    throw e;
                }
                if (remembered(executionId, attempt.key()) != null) {
                    return new Operations.Started(found(executionId), true);
                }
                if (isFull || command.executionId() != null) {
                    throw e;
                }
            }
            // The id of the command was used before, so long ago that it counts as new.
            Execution earlier = found(executionId);
            executionId = ExecutionIds.after(earlier.id());
            receipts.moved(attempt, executionId);
        }
        throw new OperationException(
                ErrorCode.IDEMPOTENCY_CONFLICT,
                "This id was used for " + MAX_REUSES + " executions that are still kept; take a new one");
    }

    private Execution start(
            Sender from, ClientMessage.Execute command, @Nullable String executionId, @Nullable CommandKey key) {
        return running.start(
                from,
                () -> executionId == null
                        ? flows.start(command.workflowId(), command.input())
                        : flows.start(command.workflowId(), command.input(), executionId, key));
    }

    private Execution found(String executionId) {
        return flows.executions()
                .find(executionId)
                .orElseThrow(() -> new OperationException(
                        ErrorCode.EXECUTION_NOT_FOUND,
                        "This command was carried out, but its execution is not remembered any more; take a new id to start"
                                + " another one"));
    }

    private static Duration lease(ClientMessage.Claim command) {
        return Objects.requireNonNullElse(command.lease(), Interactions.DEFAULT_LEASE);
    }

    /** A digest of the command without its id. Equal commands have equal digests over every transport. */
    private static String digest(ClientMessage command) {
        if (command instanceof ClientMessage.Execute execute) {
            return hash("execute", execute.workflowId(), execute.executionId(), execute.input());
        }
        if (command instanceof ClientMessage.Cancel cancel) {
            return hash("cancel", cancel.executionId(), cancel.reason());
        }
        if (command instanceof ClientMessage.Claim claim) {
            long lease = lease(claim).toMillis();
            return hash("claim", claim.executionId(), claim.nodeId(), claim.tokenId(), lease);
        }
        if (command instanceof ClientMessage.Release release) {
            return hash("release", release.executionId(), release.nodeId(), release.tokenId());
        }
        throw new IllegalArgumentException("No command that has a receipt: " + command);
    }

    private static String hash(@Nullable Object... parts) {
        return JsonText.hash(Arrays.asList(parts));
    }
}
