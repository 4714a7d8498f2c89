/**
 * People in the loop: what an execution asks them ({@link io.flowscript.core.interaction.Interaction}), how they
 * answer and claim it ({@link io.flowscript.core.interaction.Interactions}), and the result of an answer ({@link
 * io.flowscript.core.interaction.Receipt}).
 *
 * <p>Applications and transports pass in answers and claims. The engine decides about them and returns receipts and
 * changed interactions.
 */
@NullMarked
package io.flowscript.core.interaction;

import org.jspecify.annotations.NullMarked;
