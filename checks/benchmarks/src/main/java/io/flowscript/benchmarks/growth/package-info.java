/**
 * How costs grow with size: curves of one engine in this process, with a table and a picture for each.
 *
 * <p>Receives settings from {@link io.flowscript.benchmarks.load.Scenarios}; hands figures to {@link io.flowscript.benchmarks.report}.
 */
@NullMarked
package io.flowscript.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
