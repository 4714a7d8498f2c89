package io.flowscript.engine.program;

import io.flowscript.core.json.JsonPath;
import io.flowscript.core.runtime.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings that stand beside a step's config. They are the same for every node.
 *
 * @param stateKey the path of the state to which the data of the step's edge is written; null for none
 * @param retry the retry policy, which replaces that of the node; null when the node's applies
 * @param timeout how long one attempt may work, which replaces the node's timeout; null when the node's applies
 */
public record StepSettings(
        @Nullable JsonPath stateKey,
        @Nullable RetryPolicy retry,
        @Nullable Duration timeout) {}
