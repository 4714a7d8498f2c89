package io.flowscript.engine.program;

import io.flowscript.core.FlowScriptException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A URL that is put together from text as written and from values, which are percent-encoded. For use by one thread. */
final class UrlText {

    private static final String UNRESERVED = "-._~";

    /** What a value may have in addition while the host is being written: a port, or an address of IPv6. */
    private static final String IN_HOST = ":[]";

    private static final String HEX = "0123456789ABCDEF";
    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)(\\.|%2e){1,2}");

    private final StringBuilder url = new StringBuilder();
    private boolean hasValues;

    /** Adds text as it is. */
    void literal(CharSequence text) {
        url.append(text);
    }

    /** Adds a value. At the beginning it is the base of the URL and is added as it is. */
    void value(CharSequence text) {
        if (url.isEmpty()) {
            url.append(text);
            return;
        }
        hasValues = true;
        String kept = isInHost() ? UNRESERVED + IN_HOST : UNRESERVED;
        for (byte b : text.toString().getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kept.indexOf(c) >= 0) {
                url.append(c);
            } else {
                url.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            }
        }
    }

    private boolean isInHost() {
        int host = hostStart();
        return host > 0 && end(host, "/?#") == url.length();
    }

    /** Returns where the host begins; 0 when there is none. */
    private int hostStart() {
        int scheme = url.indexOf("://");
        return scheme < 0 ? 0 : scheme + 3;
    }

    private int end(int from, String marks) {
        int i = from;
        while (i < url.length() && marks.indexOf(url.charAt(i)) < 0) {
            i++;
        }
        return i;
    }

    /**
     * Returns the URL.
     *
     * @throws FlowScriptException with code {@code invalid_config} when a value is in it and its path has a part "." or
     *     "..", which leads to another place and which encoding does not prevent
     */
    @Override
    public String toString() {
        if (hasValues) {
            String path = url.substring(end(hostStart(), "/?#"), end(hostStart(), "?#"));
            for (String segment : path.split("/", -1)) {
                if (DOT_SEGMENT.matcher(segment).matches()) {
                    throw new FlowScriptException(
                            "invalid_config",
                            "A template makes the path of the URL lead to another place with the part \"" + segment
                                    + "\"");
                }
            }
        }
        return url.toString();
    }
}
