package io.flowscript.http;

/** The names of header fields. */
final class HttpHeader {

    static final String ACCEPT = "Accept";
    static final String ACCEPT_ENCODING = "Accept-Encoding";
    static final String ACCESS_CONTROL_ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials";
    static final String ACCESS_CONTROL_ALLOW_HEADERS = "Access-Control-Allow-Headers";
    static final String ACCESS_CONTROL_ALLOW_METHODS = "Access-Control-Allow-Methods";
    static final String ACCESS_CONTROL_ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    static final String ACCESS_CONTROL_EXPOSE_HEADERS = "Access-Control-Expose-Headers";
    static final String ACCESS_CONTROL_MAX_AGE = "Access-Control-Max-Age";
    static final String ALLOW = "Allow";
    static final String CACHE_CONTROL = "Cache-Control";
    static final String CONTENT_ENCODING = "Content-Encoding";
    static final String CONTENT_SECURITY_POLICY = "Content-Security-Policy";
    static final String CONTENT_TYPE = "Content-Type";
    static final String COOKIE = "Cookie";
    static final String ETAG = "ETag";
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    static final String IF_NONE_MATCH = "If-None-Match";
    static final String LAST_EVENT_ID = "Last-Event-ID";
    static final String LOCATION = "Location";
    static final String ORIGIN = "Origin";
    static final String RETRY_AFTER = "Retry-After";
    static final String SET_COOKIE = "Set-Cookie";
    static final String TRACEPARENT = "traceparent";
    static final String UPGRADE = "Upgrade";
    static final String VARY = "Vary";
    static final String WWW_AUTHENTICATE = "WWW-Authenticate";

    private HttpHeader() {}
}
