package io.flowscript.language.forms;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.format.Format;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The rules of host names and email addresses that the schema library leaves out: {@code email} is plain ASCII (RFC
 * 5321), the labels of {@code idn-hostname} are in Unicode's normal form C (RFC 5891) and keep the rule for text that is
 * written from right to left (RFC 5893), and the domain of an address is a host name of the same kind.
 */
final class AddressFormats {

    private static final Pattern DOTS = Pattern.compile("[.\\u3002\\uFF0E\\uFF61]");

    /** The longest local part and the longest address, in bytes (RFC 5321, section 4.5.3.1). */
    private static final int MAX_LOCAL_PART = 64;

    private static final int MAX_ADDRESS = 254;

    private AddressFormats() {}

    /** A rule that a text of a format must keep beyond what the library checks. */
    private interface Rule {
        boolean fits(String text, ExecutionContext execution, SchemaContext schema);
    }

    /** Puts the stricter formats in the place of the library's. */
    static void tighten(Map<String, Format> formats) {
        formats.computeIfPresent(
                "idn-hostname", (name, idn) -> new Stricter(idn, (text, execution, schema) -> isHostName(text)));
        tightenEmail(formats, "email", "hostname");
        tightenEmail(formats, "idn-email", "idn-hostname");
    }

    private static void tightenEmail(Map<String, Format> formats, String emailName, String hostName) {
        Format host = formats.get(hostName);
        boolean plain = emailName.equals("email");
        formats.computeIfPresent(
                emailName,
                (name, email) -> new Stricter(email, (text, execution, schema) -> {
                    int at = text.lastIndexOf('@');
                    String domain = text.substring(at + 1);
                    return (!plain || text.chars().allMatch(c -> c >= ' ' && c < 0x7F))
                            && bytes(text) <= MAX_ADDRESS
                            && bytes(text.substring(0, Math.max(0, at))) <= MAX_LOCAL_PART
                            && (domain.startsWith("[")
                                    || host == null
                                    || host.matches(execution, schema, JsonNodeFactory.instance.stringNode(domain)));
                }));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isHostName(String text) {
        if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
            return false;
        }
        String[] labels = DOTS.split(text, -1);
        boolean rightToLeft = false;
        for (int i = 0; i < labels.length; i++) {
            labels[i] = unicode(labels[i]);
            rightToLeft |= BidiLabel.hasRightToLeft(labels[i]);
        }
        if (rightToLeft) {
            for (String label : labels) {
                if (!label.isEmpty() && !BidiLabel.isValid(label)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns a label as it is read: one that begins with {@code xn--} is decoded. */
    private static String unicode(String label) {
        return label.regionMatches(true, 0, "xn--", 0, 4) ? IDN.toUnicode(label) : label;
    }

    private record Stricter(Format format, Rule rule) implements Format {

        @Override
        public String getName() {
            return format.getName();
        }

        @Override
        public String getMessageKey() {
            return format.getMessageKey();
        }

        @Override
        public boolean matches(ExecutionContext execution, SchemaContext schema, JsonNode value) {
            return format.matches(execution, schema, value)
                    && (!value.isString() || rule.fits(value.stringValue(), execution, schema));
        }
    }
}
