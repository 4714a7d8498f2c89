/** Where measuring begins: {@link io.flowscript.benchmarks.BenchmarksMain} hands over to JMH or to the load program. */
@NullMarked
package io.flowscript.benchmarks;

import org.jspecify.annotations.NullMarked;
