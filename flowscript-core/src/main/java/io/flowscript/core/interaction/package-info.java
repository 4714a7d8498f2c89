/**
 * People in the loop: what an execution asks them ({@link io.flowscript.core.interaction.Interaction}), how they answer and claim it
 * ({@link io.flowscript.core.interaction.Interactions}), and what they learn of it ({@link io.flowscript.core.interaction.Receipt}).
 *
 * <p>Receives answers and claims from applications and transports; hands them to the engine, which alone decides.
 */
@NullMarked
package io.flowscript.core.interaction;

import org.jspecify.annotations.NullMarked;
