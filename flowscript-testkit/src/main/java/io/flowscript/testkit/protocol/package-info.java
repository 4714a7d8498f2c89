/**
 * The client protocol as cases that are data ({@link io.flowscript.testkit.protocol.ProtocolCases}): what a client does, and what has to come of it, for
 * a server of any make. Every message that goes over the wire meanwhile is held against the AsyncAPI document and the schemas of the protocol.
 *
 * <p>Receives the cases from JSON files and a server's address from a test; hands tests back to it.
 */
@NullMarked
package io.flowscript.testkit.protocol;

import org.jspecify.annotations.NullMarked;
