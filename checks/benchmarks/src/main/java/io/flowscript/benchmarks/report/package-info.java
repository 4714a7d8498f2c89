/**
 * What scenarios make of their figures: tables in Markdown, pictures in SVG, and the sections of a page that hold them.
 *
 * <p>Receives figures from the scenarios; writes files of the documentation.
 */
@NullMarked
package io.flowscript.benchmarks.report;

import org.jspecify.annotations.NullMarked;
