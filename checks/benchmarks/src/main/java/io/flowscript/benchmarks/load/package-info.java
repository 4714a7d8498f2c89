/**
 * The load program: a server process and a client process, each on a core of its own, and the scenarios that tell them what to do and compare what comes
 * of it.
 *
 * <p>Receives a scenario's name from {@link io.flowscript.benchmarks.BenchmarksMain}; talks to the loopback interface only, and ends the processes that
 * it started.
 */
@NullMarked
package io.flowscript.benchmarks.load;

import org.jspecify.annotations.NullMarked;
