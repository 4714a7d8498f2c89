package io.flowscript.language.forms;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.format.Format;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A format of the schema library, applied to short strings only: some of its patterns need much time, or a deep
 * stack, for long ones.
 */
final class BoundedFormat implements Format {

    /** Longer than any address, date or name. */
    private static final int MAX_LENGTH = 2_048;

    /**
     * Formats without this bound: URIs may contain whole images and are parsed without a pattern; regular expressions
     * have a bound of their own.
     */
    private static final Set<String> LONG = Set.of("uri", "uri-reference", "iri", "iri-reference", "regex");

    private final Format format;
    private final int maxLength;

    BoundedFormat(Format format) {
        this.format = format;
        this.maxLength = LONG.contains(format.getName()) ? Integer.MAX_VALUE : MAX_LENGTH;
    }

    @Override
    public String getName() {
        return format.getName();
    }

    @Override
    public String getMessageKey() {
        return format.getMessageKey();
    }

    @Override
    public boolean matches(ExecutionContext executionContext, SchemaContext schemaContext, JsonNode value) {
        if (!value.isString()) {
            return true;
        }
        return value.stringValue().length() <= maxLength && format.matches(executionContext, schemaContext, value);
    }
}
