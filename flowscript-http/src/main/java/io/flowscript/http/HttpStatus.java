package io.flowscript.http;

/** Status codes (RFC 9110, section 15) and their names. */
final class HttpStatus {

    static final int OK_200 = 200;
    static final int CREATED_201 = 201;
    static final int NO_CONTENT_204 = 204;
    static final int FOUND_302 = 302;
    static final int NOT_MODIFIED_304 = 304;
    static final int BAD_REQUEST_400 = 400;
    static final int NOT_FOUND_404 = 404;
    static final int METHOD_NOT_ALLOWED_405 = 405;
    static final int REQUEST_TIMEOUT_408 = 408;
    static final int GONE_410 = 410;
    static final int UNSUPPORTED_MEDIA_TYPE_415 = 415;
    static final int UPGRADE_REQUIRED_426 = 426;
    static final int SERVICE_UNAVAILABLE_503 = 503;

    private HttpStatus() {}

    /** {@return the name of a status; the number itself for a status without a name here} */
    static String getMessage(int status) {
        return switch (status) {
            case BAD_REQUEST_400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case NOT_FOUND_404 -> "Not Found";
            case METHOD_NOT_ALLOWED_405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case REQUEST_TIMEOUT_408 -> "Request Timeout";
            case 409 -> "Conflict";
            case GONE_410 -> "Gone";
            case 411 -> "Length Required";
            case 412 -> "Precondition Failed";
            case 413 -> "Payload Too Large";
            case 414 -> "URI Too Long";
            case UNSUPPORTED_MEDIA_TYPE_415 -> "Unsupported Media Type";
            case 416 -> "Range Not Satisfiable";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 422 -> "Unprocessable Entity";
            case 425 -> "Too Early";
            case UPGRADE_REQUIRED_426 -> "Upgrade Required";
            case 428 -> "Precondition Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case SERVICE_UNAVAILABLE_503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> Integer.toString(status);
        };
    }
}
