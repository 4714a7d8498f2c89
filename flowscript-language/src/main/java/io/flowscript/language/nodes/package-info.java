/**
 * The nodes that are always there: data, counters, comparing, waiting, logging, forms, loops and HTTP requests. Made of nothing but the public API
 * of nodes, so a waiting one is data like any other. Not exported to applications, which know them by their names.
 *
 * <p>Receives contexts from the engine; hands outcomes back. Knows the form validator besides, for {@code validateData}.
 */
@NullMarked
package io.flowscript.language.nodes;

import org.jspecify.annotations.NullMarked;
