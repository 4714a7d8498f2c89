/** The entry point of the benchmarks. Receives the command line; runs JMH or the load program. */
@NullMarked
package io.flowscript.benchmarks;

import org.jspecify.annotations.NullMarked;
