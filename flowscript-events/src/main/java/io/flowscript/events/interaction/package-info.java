/**
 * What people and the outside world have to do with a workflow: forms that answers are checked against, and the nodes that need a
 * library or a network.
 *
 * <p>Receives schemas and answers from the engine and hands back violations; receives steps' configs and hands back edges. Reaches every engine by
 * itself, as an {@link io.flowscript.core.engine.EngineExtension}.
 */
@NullMarked
package io.flowscript.events.interaction;

import org.jspecify.annotations.NullMarked;
