/**
 * Other libraries as processes of the load program: servers that send the same events, and engines that run the same steps.
 *
 * <p>Receives the kind from the command line, and the commands of a scenario from its input.
 */
@NullMarked
package io.flowscript.peers;

import org.jspecify.annotations.NullMarked;
