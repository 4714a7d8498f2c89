package io.flowscript.http;

/**
 * The result of {@link HttpApi#handle}: a complete response, a demand for the request's body, or a response that delivers events over time.
 *
 * @since 0.1.0
 */
public sealed interface HttpResult permits HttpResponse, BodyWanted, EventExchange {}
