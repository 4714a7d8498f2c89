/**
 * Workflow definitions and execution snapshots as JSON.
 *
 * <p>Receives files and texts from the application and hands the core definitions, with every problem that is found in them. Receives snapshots and
 * hands back their JSON, and the other way round.
 */
@NullMarked
package io.flowscript.json;

import org.jspecify.annotations.NullMarked;
