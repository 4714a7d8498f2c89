package io.flowscript.core.runtime;

import io.flowscript.core.Assignment;
import java.time.Duration;

/**
 * A question goes on to other people when nobody has answered for a while.
 *
 * @param after how long after it was asked
 * @param to whom it is meant for from then on
 * @since 0.1.0
 */
public record Escalation(Duration after, Assignment to) {}
