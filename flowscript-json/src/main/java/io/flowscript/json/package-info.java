/**
 * Workflow definitions and execution snapshots as JSON.
 *
 * <p>Files and texts come in from the application; it gets back definitions, with every problem that was found in them. Snapshots come in and go back as
 * JSON, and the reverse.
 */
@NullMarked
package io.flowscript.json;

import org.jspecify.annotations.NullMarked;
