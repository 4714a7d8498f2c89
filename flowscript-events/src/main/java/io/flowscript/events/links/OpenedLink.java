package io.flowscript.events.links;

import io.flowscript.core.interaction.Interaction;

/**
 * A link that is valid, and its question.
 *
 * @param link what it permits
 * @param interaction the question as it is now, open or closed
 * @since 0.1.0
 */
public record OpenedLink(AnswerLink link, Interaction interaction) {}
