/**
 * The HTTP interface, independent of any HTTP container.
 *
 * <p>Heads and bodies of requests come in from an adapter. Requests for events go to the bridge, all other requests to the engine's operations.
 * Complete responses and streams of events go back to the adapter.
 */
@NullMarked
package io.flowscript.http;

import org.jspecify.annotations.NullMarked;
