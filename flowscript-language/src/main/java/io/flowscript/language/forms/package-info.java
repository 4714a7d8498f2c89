/**
 * Forms: JSON Schemas that answers are checked against.
 *
 * <p>Receives schemas and answers from the engine; returns violations with messages for the person who answers.
 */
@NullMarked
package io.flowscript.language.forms;

import org.jspecify.annotations.NullMarked;
