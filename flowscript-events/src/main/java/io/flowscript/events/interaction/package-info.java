/**
 * What people have to do with a workflow: forms that answers are checked against, and links by which a question can be answered.
 *
 * <p>Receives schemas and answers from the engine and hands back violations, as the validator that reaches every engine by itself
 * ({@link io.flowscript.core.engine.EngineExtension}). Receives links and answers from applications and transports, and hands the answers to the engine.
 */
@NullMarked
package io.flowscript.events.interaction;

import org.jspecify.annotations.NullMarked;
