/** Benchmarks of single steps, each beside an empty one, run by JMH. */
@NullMarked
package io.flowscript.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
