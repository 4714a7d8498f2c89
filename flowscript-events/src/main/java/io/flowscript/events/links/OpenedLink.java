package io.flowscript.events.links;

import io.flowscript.core.interaction.Interaction;

/**
 * A valid link and its interaction. Immutable.
 *
 * @param link what the link permits
 * @param interaction the interaction as it is now, open or closed
 * @since 0.1.0
 */
public record OpenedLink(AnswerLink link, Interaction interaction) {}
