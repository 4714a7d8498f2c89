package io.flowscript.http;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Sends the files of {@link WebAssets}. Safe for use by any thread. */
final class AssetsResource {

    /** What a page among the files may do: use files and the server of its own origin, and nothing else. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors 'none'";

    private static final String KEPT = "public, max-age=31536000, immutable";
    private static final String CHECKED = "no-cache";
    private static final String ALLOWED = "GET, HEAD";

    private final List<WebAssets> all;

    AssetsResource(List<WebAssets> all) {
        this.all = all;
    }

    /** The assets that a path belongs to; empty when it belongs to none. */
    Optional<WebAssets> at(String path) {
        return all.stream().filter(assets -> assets.has(path)).findFirst();
    }

    /**
     * Answers a request.
     *
     * @param assets the assets that its path belongs to
     * @param headers the header fields of the response so far
     * @throws Refusal with 404 or 405
     */
    HttpResponse answer(WebAssets assets, HttpRequest request, ResponseHeaders headers) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw new Refusal(Problem.of(HttpStatus.METHOD_NOT_ALLOWED_405, "Here are these methods: " + ALLOWED)
                    .header(HttpHeader.ALLOW, ALLOWED));
        }
        AssetFile file = assets.file(request.path())
                .orElseThrow(() -> new Refusal(Problem.of(HttpStatus.NOT_FOUND_404, "There is no such file")));
        boolean gzip = file.isCompressible() && acceptsGzip(request);
        String tag = "\"" + file.digest() + (gzip ? "-gzip\"" : "\"");
        headers.put(HttpHeader.CACHE_CONTROL, assets.isVersioned(request.path()) ? KEPT : CHECKED)
                .put(HttpHeader.ETAG, tag)
                .put(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING + ", " + HttpHeader.ORIGIN)
                .put(HttpHeader.CONTENT_SECURITY_POLICY, POLICY)
                .put("Cross-Origin-Resource-Policy", "same-origin")
                .put("Referrer-Policy", "no-referrer")
                .put("X-Content-Type-Options", "nosniff");
        if (isKnown(request, tag)) {
            return HttpResponse.head(HttpStatus.NOT_MODIFIED_304, headers);
        }
        headers.put(HttpHeader.CONTENT_TYPE, file.type());
        if (gzip) {
            headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        return file.response(headers, gzip);
    }

    private static boolean acceptsGzip(HttpRequest request) {
        return AcceptedTypes.of(request.values(HttpHeader.ACCEPT_ENCODING)).contains("gzip");
    }

    /** Whether the client has this content already (RFC 9110, section 13.1.2). */
    private static boolean isKnown(HttpRequest request, String tag) {
        return request.values(HttpHeader.IF_NONE_MATCH).stream()
                .flatMap(field -> Arrays.stream(field.split(",", -1)))
                .map(String::strip)
                .map(known -> known.startsWith("W/") ? known.substring(2) : known)
                .anyMatch(known -> known.equals(tag) || known.equals("*"));
    }
}
