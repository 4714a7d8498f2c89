/**
 * Compiled workflows: a flat list of instructions, each with its position in the document, and configs with compiled
 * templates and expressions. A program is created once per definition and is immutable. This package is not exported
 * to applications.
 *
 * <p>The engine passes in definitions and its nodes, and receives programs.
 */
@NullMarked
package io.flowscript.engine.program;

import org.jspecify.annotations.NullMarked;
