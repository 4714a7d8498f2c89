/**
 * The client protocol as test cases in JSON ({@link io.flowscript.testkit.protocol.ProtocolCases}): what a client
 * does and what a server of any implementation must do. Every message exchanged is checked against the AsyncAPI
 * document and the schemas of the protocol.
 *
 * <p>Receives the cases from JSON files and a server's address from a test; returns tests to it.
 */
@NullMarked
package io.flowscript.testkit.protocol;

import org.jspecify.annotations.NullMarked;
