package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.json.protocol.ClientMessage;

/**
 * Carries out what clients ask for once, however often they send it: a command with the id of one that was carried out comes to the same, and
 * changes nothing. One for all ways to an engine, so that a command that was sent over one of them can be repeated over another. Whether somebody may
 * do it is the caller's affair.
 *
 * <p>What came of a command is remembered as {@link BridgeLimits#maxReceipts(int)}, {@link BridgeLimits#maxReceiptsPerIdentity(int)} and {@link BridgeLimits#receiptTime} say; one
 * whose receipt is forgotten is a new command. One that failed is not remembered: sent again, it is tried again. A command without an id is always a new one.
 *
 * <p>Every method throws {@link io.flowscript.core.FlowScriptException} with code {@code idempotency_conflict} when the sender used the id for another command,
 * {@code rate_limited} when the same command is being carried out at this moment, {@code invalid_idempotency_key} for an id of more than 256
 * characters, and what the engine throws. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface Commands {

    /**
     * The commands of an engine whose clients come by one way only.
     *
     * @param flows the engine
     * @param limits the bounds
     * @return the commands, which remember nothing yet
     */
    static Commands of(FlowScript flows, BridgeLimits limits) {
        return new OnceOnlyCommands(flows, limits);
    }

    /**
     * Starts a workflow.
     *
     * @param from who sends it
     * @param command the command
     * @return the execution
     * @throws io.flowscript.core.FlowScriptException with code {@code execution_not_found} when the command was carried out, but its execution is forgotten
     */
    Started execute(Sender from, ClientMessage.Execute command);

    /**
     * Ends an execution.
     *
     * @param from who sends it
     * @param command the command
     * @param execution the execution that it names
     * @return whether this has ended it, and nothing before
     */
    boolean cancel(Sender from, ClientMessage.Cancel command, Execution execution);

    /**
     * Takes a question on.
     *
     * @param from who sends it
     * @param command the command
     * @param question the question that it names now
     * @return the question that was claimed when it was carried out, and until when
     */
    Claimed claim(Sender from, ClientMessage.Claim command, PauseToken question);

    /**
     * Gives a question back.
     *
     * @param from who sends it
     * @param command the command
     * @param question the question that it names now
     * @return the question that was released when it was carried out
     */
    PauseToken release(Sender from, ClientMessage.Release command, PauseToken question);

    /**
     * Who sends a command. Somebody with a name is known by it, wherever they are; the ids of {@link Identity#ANONYMOUS} hold in one place only.
     *
     * @param who who
     * @param place tells one who has no name from another, such as the id of a connection
     */
    record Sender(Identity who, String place) {

        /** In which the ids of its commands are unique. */
        String scope() {
            return who.equals(Identity.ANONYMOUS) ? "at " + place : "by " + who.name();
        }
    }

    /**
     * A workflow was started.
     *
     * @param execution what runs it
     * @param again whether it was started by the same command before
     */
    record Started(Execution execution, boolean again) {}

    /**
     * A question was taken on.
     *
     * @param question the question
     * @param claim by whom, and until when
     */
    record Claimed(PauseToken question, Interaction.Claim claim) {}
}
