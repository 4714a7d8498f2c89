/**
 * Workflow definitions, execution snapshots and recorded events as JSON.
 *
 * <p>Files and texts come in from the application; it gets back definitions, with every problem that was found in them. Snapshots and events
 * come in and go back as JSON, and the reverse.
 */
@NullMarked
package io.flowscript.json;

import org.jspecify.annotations.NullMarked;
