/**
 * Two builds of the benchmarks in turn: by what each figure of a scenario differs.
 *
 * <p>Receives settings from {@link io.flowscript.benchmarks.load.Scenarios}; runs the jars of the two builds as processes, and git and Maven to
 * make them.
 */
@NullMarked
package io.flowscript.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
