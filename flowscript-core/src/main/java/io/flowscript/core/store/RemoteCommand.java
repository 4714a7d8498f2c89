package io.flowscript.core.store;

import io.flowscript.core.json.Value;

/**
 * A command for an execution that another engine advances.
 *
 * @param id identifies the command; random
 * @param executionId the id of the execution; its {@linkplain SharedStore#shardOf shard} decides who gets the command
 * @param content what to do, as the engines understand it
 * @since 0.1.0
 */
public record RemoteCommand(String id, String executionId, Value content) {}
