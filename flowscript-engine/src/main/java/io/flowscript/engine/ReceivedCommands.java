package io.flowscript.engine;

import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Carries out commands that other engines have sent, and replies to them. A command can come twice, when the engine that had it
 * is gone before it has replied. An answer or a start is then recognised by the command's id. Safe for use by any thread.
 */
final class ReceivedCommands {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    /** The sender of commands that their own sender did not name. */
    private static final String UNNAMED = "";

    private final SharedStore store;
    private final ExecutionRegistry executions;
    private final Starter starter;
    private final Executor blocking;

    /** Starts executions in this engine. */
    interface Starter {

        /**
         * Starts an execution, and returns when it is stored.
         *
         * @param caller the context of the span of who starts it; null for none
         */
        void start(
                String workflowId,
                Map<String, @Nullable Object> input,
                String executionId,
                CommandKey key,
                @Nullable String caller);
    }

    /**
     * Creates an object for the commands that a store brings.
     *
     * @param blocking runs commands, which block
     */
    ReceivedCommands(SharedStore store, ExecutionRegistry executions, Starter starter, Executor blocking) {
        this.store = store;
        this.executions = executions;
        this.starter = starter;
        this.blocking = blocking;
    }

    /** Carries out a command and replies to it, later. */
    void carryOut(RemoteCommand command) {
        blocking.execute(() -> {
            try {
                Value reply = reply(command);
                if (reply != null) {
                    store.reply(command.id(), reply);
                }
            } catch (Throwable thrown) { // the sender gets no reply, and says so
                Guard.report(
                        thrown,
                        shown -> LOGGER.log(
                                Level.WARNING,
                                "A command of another process for execution " + command.executionId() + " failed",
                                shown));
            }
        });
    }

    /** {@return the reply; null when the execution goes on elsewhere, where the command comes again} */
    private @Nullable Value reply(RemoteCommand command) {
        try {
            return carryOut(command.executionId(), command.id(), command.content());
        } catch (FlowScriptException e) {
            return RemoteCommands.isShardLost(e) ? null : CommandCodec.failed(e);
        }
    }

    private Value carryOut(String executionId, String commandId, Value command) {
        String kind = command.get("do").asString();
        CommandKey key = CommandCodec.key(command);
        if (kind.equals(CommandCodec.START)) {
            start(executionId, command, key == null ? new CommandKey(UNNAMED, commandId, "") : key);
            return CommandCodec.done(true);
        }
        WorkflowExecution execution = executions.load(executionId);
        if (execution == null) {
            return CommandCodec.reply(new Receipt.NotFound());
        }
        Identity by = CommandCodec.identity(command);
        if (kind.equals(CommandCodec.CANCEL)) {
            return CommandCodec.done(execution.cancelHere(CommandCodec.text(command, "reason"), by, key));
        }
        if (kind.equals(CommandCodec.SEEN)) {
            Set<String> tokens = new HashSet<>();
            command.get("tokens").asList().forEach(token -> tokens.add(token.asString()));
            Journal.await(execution.markSeen(tokens, name(by)));
            return CommandCodec.done(true);
        }
        PauseToken token = CommandCodec.token(executionId, command);
        if (kind.equals(CommandCodec.ANSWER)) {
            String named = CommandCodec.text(command, "key");
            AnswerOptions options =
                    new AnswerOptions(by, named == null ? commandId : named, CommandCodec.text(command, "seen"));
            return CommandCodec.reply(
                    Journal.await(execution.answer(token, command.get("data").raw(), options)));
        }
        change(execution, token, kind, command, key, by);
        return CommandCodec.done(true);
    }

    private static void change(
            WorkflowExecution execution,
            PauseToken token,
            String kind,
            Value command,
            @Nullable CommandKey key,
            @Nullable Identity by) {
        switch (kind) {
            case CommandCodec.CLAIM -> {
                Duration lease = Duration.parse(command.get("lease").asString());
                execution.change(
                        token,
                        key,
                        (asked, draft) -> ClaimRules.claim(asked, draft, Objects.requireNonNull(by), lease));
            }
            case CommandCodec.RELEASE ->
                execution.change(
                        token, key, (asked, draft) -> ClaimRules.release(asked, draft, Objects.requireNonNull(by)));
            case CommandCodec.REVISE -> {
                Map<String, @Nullable Object> shown = command.get("shown").asMap();
                execution.change(token, key, (asked, draft) -> InteractionRules.revise(asked, draft, shown, by));
            }
            default ->
                throw new FlowScriptException(
                        "unknown_command", "This version of the engine has no command \"" + kind + "\"");
        }
    }

    private void start(String executionId, Value command, CommandKey key) {
        try {
            starter.start(
                    command.get("workflow").asString(),
                    command.get("input").asMap(),
                    executionId,
                    key,
                    command.get("trace").isMissing()
                            ? null
                            : command.get("trace").asString());
        } catch (FlowScriptException e) {
            if (!e.code().equals("execution_exists") || !wasStartedBy(executionId, key)) {
                throw e;
            }
        }
    }

    /** {@return whether the command has started the execution before, and the reply was lost} */
    private boolean wasStartedBy(String executionId, CommandKey key) {
        WorkflowExecution execution = executions.load(executionId);
        return execution != null
                && key.sender().equals(UNNAMED)
                && execution.snapshot().commands().stream()
                        .map(CommandReceipt::key)
                        .anyMatch(key::equals);
    }

    private static String name(@Nullable Identity by) {
        return Objects.requireNonNullElse(by, Identity.ANONYMOUS).name();
    }
}
