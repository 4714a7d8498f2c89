/**
 * The client protocol: its names, messages and error codes, and their JSON.
 *
 * <p>Recorded events and replies come in from {@code io.flowscript.events.delivery}, which gets them back as bytes. Bytes from clients come in the same
 * way; delivery gets typed messages, or a {@link io.flowscript.json.protocol.ProtocolException}. This package does not depend on connections or running
 * executions. The JSON Schema of every message is in this module under {@code META-INF/flowscript/protocol/}.
 */
@NullMarked
package io.flowscript.json.protocol;

import org.jspecify.annotations.NullMarked;
