/**
 * The client protocol: names, messages, errors, and their JSON.
 *
 * <p>Receives recorded events and replies from delivery and hands it their bytes; receives the bytes of clients and hands delivery
 * typed messages, or what is wrong with them. Knows no connection and no execution. The JSON Schema of every message lies in this module
 * under {@code META-INF/flowscript/protocol/}.
 */
@NullMarked
package io.flowscript.json.protocol;

import org.jspecify.annotations.NullMarked;
