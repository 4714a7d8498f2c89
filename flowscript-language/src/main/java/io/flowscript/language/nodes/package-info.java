/**
 * The built-in nodes: data, counters, comparisons, waiting, logging, forms, loops and HTTP requests. They use only
 * the public API for nodes.
 *
 * <p>Receives contexts from the engine and, for nodes with forms, a form validator; returns outcomes to the engine.
 * Workflows refer to the nodes by name.
 */
@NullMarked
package io.flowscript.language.nodes;

import org.jspecify.annotations.NullMarked;
