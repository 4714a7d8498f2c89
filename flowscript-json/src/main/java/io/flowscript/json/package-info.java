/**
 * Workflow definitions and execution snapshots as JSON.
 *
 * <p>Receives files and texts from the application and hands it definitions, with every problem found in them. Receives
 * snapshots and hands back JSON, and the reverse.
 */
@NullMarked
package io.flowscript.json;

import org.jspecify.annotations.NullMarked;
