/**
 * What is to be run: a workflow as a document and as elements with their places in it, the builder that makes the same
 * thing in Java, and the problems found in it.
 *
 * <p>Receives plain documents from whoever reads JSON, or calls of the builder; hands definitions to the engine.
 */
@NullMarked
package io.flowscript.core.workflow;

import org.jspecify.annotations.NullMarked;
