package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.text.JsonText;
import io.flowscript.events.delivery.CommandReceipts.Attempt;
import io.flowscript.events.delivery.CommandReceipts.Outcome;
import io.flowscript.json.protocol.ClientMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Commands to an engine, each with a receipt. The engine is called with no lock held. Safe for use by any thread. */
final class OnceOnlyCommands implements Commands {

    private static final int MAX_ID = 256;

    private final FlowScript flows;
    private final CommandReceipts receipts;
    private final RandomIds ids = new RandomIds();

    OnceOnlyCommands(FlowScript flows, BridgeLimits limits) {
        this.flows = flows;
        this.receipts = new CommandReceipts(flows.clock(), limits);
    }

    /**
     * Who comes first settles the execution's id. All who come before it is started start it under that id or find it there, so that none waits for another. Under
     * an id that the client chose, an execution that is there may be somebody else's; there they take turns.
     */
    @Override
    public Started execute(Sender from, ClientMessage.Execute command) {
        String wanted = command.executionId();
        if (command.id() == null) {
            return new Started(start(command, wanted), false);
        }
        Attempt attempt = begin(from, command, wanted == null ? ids.get() : wanted);
        if (attempt.outcome() != null) {
            return new Started(found(attempt.executionId()), true);
        }
        Outcome outcome = null;
        try {
            Execution started;
            if (wanted == null) {
                started = startOrFind(command, attempt.executionId());
            } else {
                checkAlone(attempt);
                started = start(command, wanted);
            }
            outcome = Outcome.DONE;
            return new Started(started, !attempt.isFirst());
        } finally {
            receipts.end(attempt, outcome);
        }
    }

    @Override
    public boolean cancel(Sender from, ClientMessage.Cancel command, Execution execution) {
        Identity by = from.who().equals(Identity.ANONYMOUS) ? null : from.who();
        boolean[] now = {false};
        once(from, command, execution.id(), () -> {
            now[0] = execution.cancel(command.reason(), by);
            return Outcome.DONE;
        });
        return now[0];
    }

    @Override
    public Claimed claim(Sender from, ClientMessage.Claim command, PauseToken question) {
        Outcome outcome = once(from, command, command.executionId(), () -> {
            Interaction claimed = flows.interactions().claim(question, from.who(), lease(command));
            return new Outcome(claimed.token(), claimed.claim());
        });
        return new Claimed(Objects.requireNonNull(outcome.question()), Objects.requireNonNull(outcome.claim()));
    }

    @Override
    public PauseToken release(Sender from, ClientMessage.Release command, PauseToken question) {
        Outcome outcome = once(
                from,
                command,
                command.executionId(),
                () -> new Outcome(
                        flows.interactions().release(question, from.who()).token(), null));
        return Objects.requireNonNull(outcome.question());
    }

    /** Somebody without a name is gone, and nobody else can repeat their commands. */
    void forget(Sender from) {
        if (from.who().equals(Identity.ANONYMOUS)) {
            receipts.forget(from.scope());
        }
    }

    /** How many receipts there are. */
    int size() {
        return receipts.size();
    }

    private Outcome once(Sender from, ClientMessage command, String executionId, Supplier<Outcome> work) {
        if (command.id() == null) {
            return work.get();
        }
        Attempt attempt = begin(from, command, executionId);
        Outcome outcome = attempt.outcome();
        if (outcome != null) {
            return outcome;
        }
        try {
            checkAlone(attempt);
            outcome = work.get();
            return outcome;
        } finally {
            receipts.end(attempt, outcome);
        }
    }

    private Attempt begin(Sender from, ClientMessage command, String executionId) {
        String id = Objects.requireNonNull(command.id());
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw new FlowScriptException(
                    "invalid_idempotency_key", "An idempotency key has 1 to " + MAX_ID + " characters");
        }
        return receipts.begin(from.scope(), id, digest(command), executionId);
    }

    private static void checkAlone(Attempt attempt) {
        if (!attempt.isFirst()) {
            throw new FlowScriptException(
                    "rate_limited", "The same command is being carried out at this moment; ask again in another one");
        }
    }

    private Execution startOrFind(ClientMessage.Execute command, String executionId) {
        try {
            return start(command, executionId);
        } catch (FlowScriptException e) {
            if (!e.code().equals("execution_exists")) {
                throw e;
            }
            return found(executionId);
        }
    }

    private Execution start(ClientMessage.Execute command, @Nullable String executionId) {
        return executionId == null
                ? flows.start(command.workflowId(), command.input())
                : flows.start(command.workflowId(), command.input(), executionId);
    }

    private Execution found(String executionId) {
        return flows.executions()
                .find(executionId)
                .orElseThrow(() -> new FlowScriptException(
                        "execution_not_found",
                        "This command was carried out, but its execution is not remembered any more; take a new id to start"
                                + " another one"));
    }

    private static Duration lease(ClientMessage.Claim command) {
        return Objects.requireNonNullElse(command.lease(), Interactions.DEFAULT_LEASE);
    }

    /** What a command says, but for its id: the same for the same command, whichever way it came. */
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
