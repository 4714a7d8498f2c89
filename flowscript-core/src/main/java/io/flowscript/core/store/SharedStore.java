package io.flowscript.core.store;

import io.flowscript.core.json.Value;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A store that several engines use at the same time, each through an object of its own. Each object is a member.
 *
 * <p>Executions are divided into {@value #SHARDS} shards by a hash of their id. A shard belongs to one member at a time, whose
 * engine advances the executions in it. Each time a shard gets another owner, its fence grows. A commit has the
 * {@linkplain Commit#fence fence} that its engine knows, and the store refuses it when that is no longer the fence of the
 * shard. So a process that was paused for too long can write nothing.
 *
 * <p>A member keeps its shards by calling {@link #renew} in time. When it does not for the time of a {@link #lease}, others
 * take them over.
 *
 * <p>Members send each other commands for executions that they do not own, and the replies. They also learn from each other
 * which executions have changed. {@link #exchange} reads both.
 *
 * <p>All methods that this interface adds can block, apart from {@link #onNews} and {@link #lease}.
 *
 * @since 0.1.0
 */
public interface SharedStore extends ExecutionStore {

    /** The number of shards. It never changes, because it decides which shard an execution is in. */
    int SHARDS = 128;

    /**
     * Returns the shard of an execution.
     *
     * @param executionId the id of the execution
     * @return its shard, from 0 to 127: the upper seven bits of the 32-bit product of {@link String#hashCode} and 0x9E3779B9
     */
    static int shardOf(String executionId) {
        return (executionId.hashCode() * 0x9E3779B9) >>> 25;
    }

    /** {@return the time after which a member loses its shards when it does not renew them; more than zero} */
    Duration lease();

    /**
     * Says that this member is alive, and gives it shards that nobody owns, up to its share.
     *
     * @return what it owns from now on
     * @throws io.flowscript.core.FlowScriptException with code {@code store_failed} when the database fails, and
     *     {@code store_closed} after {@link #close}
     */
    Ownership renew();

    /**
     * Gives shards back, so that other members take them at once. The engine has stopped their executions before.
     *
     * @param shards shards that this member owns; others are ignored
     * @throws io.flowscript.core.FlowScriptException as for {@link #renew}
     */
    void release(Collection<Integer> shards);

    /**
     * Sends a command to the owner of an execution, now or later. Returns when the command is stored.
     *
     * @param command the command
     * @throws io.flowscript.core.FlowScriptException as for {@link #renew}
     */
    void send(RemoteCommand command);

    /**
     * Stores the reply to a command, for the member that has sent it. Has no effect when that has withdrawn it.
     *
     * @param commandId the id of the command
     * @param reply the reply
     * @return completes when it is stored; exceptionally as for {@link #renew}
     */
    CompletionStage<@Nullable Void> reply(String commandId, Value reply);

    /**
     * Withdraws a command to which no reply has come in time.
     *
     * @param commandId the id of the command
     * @throws io.flowscript.core.FlowScriptException as for {@link #renew}
     */
    void withdraw(String commandId);

    /**
     * Reads what is new for this member since the last call. Called by one thread at a time.
     *
     * @param taken the shards in which the engine carries out commands, with their fences
     * @return the news
     * @throws io.flowscript.core.FlowScriptException as for {@link #renew}; what was not returned is returned by the next call
     */
    News exchange(Map<Integer, Long> taken);

    /**
     * Sets what to call when {@link #exchange} may have something. Calls may be missing or in vain.
     *
     * @param signal called by any thread; it does not block. Replaces the one before.
     */
    void onNews(Runnable signal);

    /**
     * What a member owns.
     *
     * @param fences the fence of each shard that it owns, from 1
     * @param surplus shards that it owns and should {@link #release}, because other members have fewer
     */
    record Ownership(Map<Integer, Long> fences, Set<Integer> surplus) {
        /**
         * Copies both.
         *
         * @param fences the fence of each shard that it owns
         * @param surplus shards that it should release
         */
        public Ownership {
            fences = Map.copyOf(fences);
            surplus = Set.copyOf(surplus);
        }
    }

    /**
     * What is new for a member.
     *
     * @param commands commands for executions in the taken shards to which nobody has replied, in the order in which they were
     *     sent. While a shard has the same fence, its owner gets each command once.
     * @param replies the replies to commands that it has sent, by the ids of the commands
     * @param changes executions that other members have changed, each once
     * @param isWhole false when more may have changed than {@code changes} says, because the member was away for too long
     * @param shardsFree whether a member has given shards back, so that {@link #renew} may give some
     * @param hasMore whether the next call returns more of what is there already
     */
    record News(
            List<RemoteCommand> commands,
            Map<String, Value> replies,
            List<ExecutionChange> changes,
            boolean isWhole,
            boolean shardsFree,
            boolean hasMore) {
        /**
         * Copies all.
         *
         * @param commands commands for executions in its shards
         * @param replies the replies to commands that it has sent
         * @param changes executions that other members have changed
         * @param isWhole whether the changes are all
         * @param shardsFree whether a member has given shards back
         * @param hasMore whether the next call returns more
         */
        public News {
            commands = List.copyOf(commands);
            replies = Map.copyOf(replies);
            changes = List.copyOf(changes);
        }
    }
}
