/**
 * An HTTP adapter of one's own, on the JDK's {@code com.sun.net.httpserver}: REST, server-sent events and long polls.
 *
 * <p>Written against {@link io.flowscript.http} alone: heads and bodies of requests come in from the JDK's server; what the HTTP side answers goes out to it.
 */
@NullMarked
package io.flowscript.examples.http;

import org.jspecify.annotations.NullMarked;
