/**
 * FlowScript beside other libraries: servers that send the same events to the same client program, and engines that run the same steps. The
 * others are in the module {@code checks/peers} and are processes of the load program like FlowScript itself.
 *
 * <p>Receives settings from {@link io.flowscript.benchmarks.load.Scenarios}; hands figures to {@link io.flowscript.benchmarks.report}.
 */
@NullMarked
package io.flowscript.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
