/**
 * The extension that adds the workflow language to every engine in the process.
 *
 * <p>Receives an engine's builder through {@link io.flowscript.engine.EngineExtension}; hands it expressions,
 * forms and the built-in nodes.
 */
@NullMarked
package io.flowscript.language;

import org.jspecify.annotations.NullMarked;
