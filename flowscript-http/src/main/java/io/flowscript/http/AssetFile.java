package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** One file of {@link WebAssets}, with all that its responses need. Immutable. */
final class AssetFile {

    private static final String UTF_8 = "; charset=utf-8";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("js", "text/javascript" + UTF_8),
            Map.entry("mjs", "text/javascript" + UTF_8),
            Map.entry("css", "text/css" + UTF_8),
            Map.entry("html", "text/html" + UTF_8),
            Map.entry("txt", "text/plain" + UTF_8),
            Map.entry("md", "text/markdown" + UTF_8),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff2", "font/woff2"));

    private final String type;
    private final byte[] content;
    private final byte[] gzip;
    private final String digest;

    private AssetFile(String type, byte[] content, byte[] gzip, String digest) {
        this.type = type;
        this.content = content;
        this.gzip = gzip;
        this.digest = digest;
    }

    static AssetFile of(String path, byte[] content) {
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String type = TYPES.get(ending);
        if (type == null) {
            throw new FlowScriptException(
                    "invalid_setting", "There is no content type for the ending of the file " + path);
        }
        return ofType(type, content.clone());
    }

    private static AssetFile ofType(String type, byte[] content) {
        byte[] gzip = compress(content);
        MessageDigest digest = WebAssets.sha256();
        digest.update(content);
        return new AssetFile(type, content, gzip.length < content.length ? gzip : new byte[0], WebAssets.hex(digest));
    }

    /** This file, which is text, with other text in the place of a mark. */
    AssetFile replacing(String mark, String text) {
        String replaced = new String(content, StandardCharsets.UTF_8).replace(mark, text);
        return ofType(type, replaced.getBytes(StandardCharsets.UTF_8));
    }

    /** The content type. */
    String type() {
        return type;
    }

    /** Stands for the content. */
    String digest() {
        return digest;
    }

    /** Whether compressing saves anything. */
    boolean isCompressible() {
        return gzip.length > 0;
    }

    /** The response with the content, as it is or compressed. */
    HttpResponse response(ResponseHeaders headers, boolean compressed) {
        return HttpResponse.stream(HttpStatus.OK_200, headers, compressed ? gzip : content);
    }

    private static byte[] compress(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
