/**
 * Workflow definitions: the document, the elements read from it with their positions, the builder that creates a
 * definition in Java, and the problems found in a definition.
 *
 * <p>Applications pass in documents as plain Java values, or call the builder. The engine receives the definitions.
 */
@NullMarked
package io.flowscript.core.workflow;

import org.jspecify.annotations.NullMarked;
