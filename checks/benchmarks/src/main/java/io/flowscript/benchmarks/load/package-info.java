/**
 * The load program: a server process and a client process, each on a core of its own, and the scenarios that control
 * them and compare the results.
 *
 * <p>Receives a scenario's name from {@link io.flowscript.benchmarks.BenchmarksMain}; uses only the loopback
 * interface, and ends the processes that it started.
 */
@NullMarked
package io.flowscript.benchmarks.load;

import org.jspecify.annotations.NullMarked;
