/**
 * Which threads have begun and are still alive, for the rules that ask whether something ended its threads.
 *
 * <p>Receives nothing but the threads of the JVM, and hands them to the contracts of transports and stores.
 */
@NullMarked
package io.flowscript.testkit.threads;

import org.jspecify.annotations.NullMarked;
