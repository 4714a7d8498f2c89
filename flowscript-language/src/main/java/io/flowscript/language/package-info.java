/**
 * Brings the workflow language to every engine in the process, by {@link io.flowscript.core.engine.EngineExtension}: expressions, forms, and the
 * built-in nodes. Receives an engine's builder; hands it the parts.
 */
@NullMarked
package io.flowscript.language;

import org.jspecify.annotations.NullMarked;
