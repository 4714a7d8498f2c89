/**
 * Workflow definitions and execution snapshots as JSON, and the expressions in definitions.
 *
 * <p>Receives files and texts from the application and hands the core definitions with every problem in them; receives snapshots and hands
 * back their JSON, and the other way round; receives expressions and hands back what evaluates them.
 */
@NullMarked
package io.flowscript.events.json;

import org.jspecify.annotations.NullMarked;
