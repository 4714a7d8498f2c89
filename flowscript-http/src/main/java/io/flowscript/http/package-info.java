/**
 * HTTP without a container. Heads of requests and their bodies come in from an adapter; complete answers, and the events of an exchange, go out
 * through it. Clients of event requests go to the bridge; all else goes to the engine.
 */
@NullMarked
package io.flowscript.http;

import org.jspecify.annotations.NullMarked;
