/** JMH benchmarks of single steps, each beside an empty one. Receive settings from JMH; return results to it. */
@NullMarked
package io.flowscript.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
