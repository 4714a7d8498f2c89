/**
 * The expressions in workflow definitions.
 *
 * <p>Receives expressions as text from the core's compiler; returns compiled expressions, which are evaluated over
 * the state of an execution.
 */
@NullMarked
package io.flowscript.language.expressions;

import org.jspecify.annotations.NullMarked;
