/**
 * JSON text and plain values: the one strict reader and the one writer of this library.
 *
 * <p>Receives text or bytes from the protocol, from files and from adapters; hands back plain values (Map, List, String,
 * numbers, Boolean, null), and the other way round. Knows nothing of what the values mean. Not for applications: exported to FlowScript's own
 * modules only.
 */
@NullMarked
package io.flowscript.json.codec;

import org.jspecify.annotations.NullMarked;
