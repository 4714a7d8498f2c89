/**
 * What a workflow becomes: a flat list of instructions, each with its place in the document, and configs whose templates
 * and expressions are compiled. Made once per definition; immutable. Not exported to applications.
 *
 * <p>Receives definitions and the nodes that are known; hands programs to the engine.
 */
@NullMarked
package io.flowscript.core.program;

import org.jspecify.annotations.NullMarked;
