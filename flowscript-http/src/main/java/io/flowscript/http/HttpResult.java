package io.flowscript.http;

/**
 * What {@link HttpApi#handle} makes of a request: a complete answer, the wish for its body, or an exchange of events.
 *
 * @since 0.1.0
 */
public sealed interface HttpResult permits HttpResponse, BodyWanted, EventExchange {}
