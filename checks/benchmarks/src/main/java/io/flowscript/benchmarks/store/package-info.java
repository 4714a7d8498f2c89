/**
 * What durability costs: the rates of stores beside the least that a database needs for the same bytes, steps with states of
 * different sizes, and restarts with many waiting executions. The scenarios of the load program call it.
 */
@NullMarked
package io.flowscript.benchmarks.store;

import org.jspecify.annotations.NullMarked;
