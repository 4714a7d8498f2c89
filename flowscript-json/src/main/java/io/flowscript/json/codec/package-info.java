/**
 * JSON text and plain values: the only reader and the only writer of JSON in this library. The reader is strict.
 *
 * <p>Receives text or bytes from the protocol, from files and from adapters; hands back plain values (Map, List,
 * String, numbers, Boolean, null), and the reverse. It does not know what the values mean. Not for applications: the
 * package is exported to FlowScript's own modules only.
 */
@NullMarked
package io.flowscript.json.codec;

import org.jspecify.annotations.NullMarked;
