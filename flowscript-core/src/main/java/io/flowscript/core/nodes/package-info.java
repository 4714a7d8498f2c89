/**
 * The nodes that are always there: data, counters, comparing, waiting, logging, forms and loops. Made of nothing but the public API
 * of nodes, so a waiting one is data like any other. Not exported to applications, which know them by their names.
 *
 * <p>Receives contexts from the engine; hands outcomes back. Knows {@code .runtime} and {@code .json} only.
 */
@NullMarked
package io.flowscript.core.nodes;

import org.jspecify.annotations.NullMarked;
