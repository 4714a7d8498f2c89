package io.flowscript.core.runtime;

import io.flowscript.core.Assignment;
import java.time.Duration;

/**
 * The rule that an interaction is assigned to other people when it has not been answered after some time.
 *
 * @param after the time from asking to the escalation
 * @param to the people and groups that the interaction is assigned to from then on
 * @since 0.1.0
 */
public record Escalation(Duration after, Assignment to) {}
