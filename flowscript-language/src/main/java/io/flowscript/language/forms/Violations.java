package io.flowscript.language.forms;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.text.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Converts errors of the schema library to violations with messages that the person who answers can act on. The
 * messages do not depend on the machine's locale.
 */
final class Violations {

    private static final int MAX_MESSAGE = 300;
    private static final int MAX_KEY = 200;
    private static final int MAX_PATTERN = 80;
    private static final int MAX_VALUES = 20;
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{Nd}_@-]+");

    private static final Map<String, String> TYPES = Map.of(
            "string", "a text",
            "integer", "a whole number",
            "number", "a number",
            "boolean", "true or false",
            "object", "an object",
            "array", "a list",
            "null", "null");

    private static final Map<String, String> FORMATS = Map.ofEntries(
            Map.entry("date-time", "a date and time with its offset such as 2026-05-31T09:30:00Z"),
            Map.entry("date", "a date such as 2026-05-31"),
            Map.entry("time", "a time with its offset such as 09:30:00Z"),
            Map.entry("duration", "a duration such as P3D or PT1H30M"),
            Map.entry("email", "an email address such as name@example.com"),
            Map.entry("idn-email", "an email address such as name@example.com"),
            Map.entry("hostname", "a host name such as www.example.com"),
            Map.entry("idn-hostname", "a host name such as www.example.com"),
            Map.entry("ipv4", "an IPv4 address such as 192.0.2.1"),
            Map.entry("ipv6", "an IPv6 address such as 2001:db8::1"),
            Map.entry("uri", "a web address or another URI such as https://example.com/page"),
            Map.entry("uri-reference", "a URI or a part of one such as /page"),
            Map.entry("iri", "a web address or another IRI such as https://example.com/page"),
            Map.entry("iri-reference", "an IRI or a part of one such as /page"),
            Map.entry("uuid", "a UUID such as 123e4567-e89b-12d3-a456-426614174000"),
            Map.entry("uri-template", "a URI template such as /users/{id}"),
            Map.entry("json-pointer", "a JSON Pointer such as /items/0"),
            Map.entry("relative-json-pointer", "a relative JSON Pointer such as 1/name"),
            Map.entry("regex", "a regular expression such as ^[a-z]+$"));

    private Violations() {}

    static Violation of(Error error) {
        String keyword = keyword(error);
        return new Violation(path(keyword, error), keyword, bounded(message(keyword, error)));
    }

    static boolean knowsFormat(String name) {
        return FORMATS.containsKey(name);
    }

    /** Appends a key to a path. A very long key is cut. */
    static String append(String path, String key) {
        if (key.length() > MAX_KEY) {
            return path + "[\"" + key.substring(0, MAX_KEY).replace("\"", "\\\"") + "...\"]";
        }
        return PLAIN.matcher(key).matches()
                ? path + "." + key
                : path + "[\"" + key.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
    }

    /** Returns a text on one line, cut to a length that a person reads. */
    static String bounded(String text) {
        String start = text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) + "..." : text;
        return start.replaceAll("\\p{Cntrl}", " ");
    }

    static String lowerCase(String sentence) {
        return sentence.isEmpty() ? "" : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    static String path(@Nullable NodePath location) {
        String path = "$";
        for (int i = 0; location != null && i < location.getNameCount(); i++) {
            Object element = location.getElement(i);
            path = element instanceof Integer ? path + "[" + element + "]" : append(path, String.valueOf(element));
        }
        return path;
    }

    /**
     * Returns the path of the missing or unexpected field if the keyword concerns one, else that of the value itself.
     */
    private static String path(String keyword, Error error) {
        String path = path(error.getInstanceLocation());
        return switch (keyword) {
            case "required", "additionalProperties", "unevaluatedProperties", "propertyNames" -> {
                String property = error.getProperty();
                yield property == null ? path : append(path, property);
            }
            case "dependentRequired" -> append(path, argument(error, 0));
            case "items", "additionalItems", "unevaluatedItems" -> path + "[" + argument(error, 0) + "]";
            default -> path;
        };
    }

    private static String message(String keyword, Error error) {
        String value = argument(error, 0);
        return switch (keyword) {
            case "required" -> "is required";
            case "dependentRequired" -> "is required because \"" + argument(error, 1) + "\" is given";
            case "dependencies" -> "needs " + missing(error) + " because \"" + error.getProperty() + "\" is given";
            case "minimum" -> (isAtLimit(error) ? "must be more than " : "must be at least ") + value;
            case "maximum" -> (isAtLimit(error) ? "must be less than " : "must be at most ") + value;
            case "exclusiveMinimum" -> "must be more than " + value;
            case "exclusiveMaximum" -> "must be less than " + value;
            case "multipleOf" -> value.equals("1") ? "must be a whole number" : "must be a multiple of " + value;
            case "minLength" ->
                value.equals("1") ? "must not be empty" : "must have at least " + count(value, "character");
            case "maxLength" -> value.equals("0") ? "must be empty" : "must have at most " + count(value, "character");
            case "minItems" -> "must have at least " + count(value, "item");
            case "maxItems" -> "must have at most " + count(value, "item");
            case "minProperties" -> "must have at least " + count(value, "field");
            case "maxProperties" -> "must have at most " + count(value, "field");
            case "contains", "minContains" -> "must have at least " + count(value, "item") + " that match the form";
            case "maxContains" -> "must have at most " + count(value, "item") + " that match the form";
            case "uniqueItems" -> "must not have the same item twice";
            case "enum" -> "must be one of: " + values(error.getSchemaNode());
            case "const" -> "must be " + value(error.getSchemaNode());
            case "pattern" ->
                value.length() > MAX_PATTERN ? "does not have the required format" : "must match the pattern " + value;
            case "format" -> "must be " + FORMATS.getOrDefault(value, "a valid " + value);
            case "type" -> anyType(List.of(error));
            case "additionalProperties", "unevaluatedProperties", "items", "additionalItems", "unevaluatedItems" ->
                "is not expected here, so leave it out";
            case "propertyNames" -> "has a name that is not allowed here";
            case "false" -> "is not allowed here";
            case "not" -> not(error.getSchemaNode());
            case "anyOf", "oneOf" -> value;
            default -> "is not valid";
        };
    }

    /** Returns the keyword as written in the schema: {@code contains} alone means at least one item. */
    private static String keyword(Error error) {
        String keyword = String.valueOf(error.getKeyword());
        return keyword.equals("minContains") && argument(error, 0).equals("1") ? "contains" : keyword;
    }

    /** In draft 4, a limit itself may be excluded; the error does not tell. */
    private static boolean isAtLimit(Error error) {
        JsonNode answer = error.getInstanceNode();
        JsonNode limit = error.getSchemaNode();
        return answer != null
                && limit != null
                && answer.isNumber()
                && limit.isNumber()
                && answer.decimalValue().compareTo(limit.decimalValue()) == 0;
    }

    private static String argument(Error error, int index) {
        Object[] arguments = error.getArguments();
        return arguments == null || index >= arguments.length ? "" : String.valueOf(arguments[index]);
    }

    private static String count(String number, String what) {
        return number + " " + what + (number.equals("1") ? "" : "s");
    }

    /** Returns the message for a value that has none of the expected types. */
    static String anyType(List<Error> errors) {
        String actual = argument(errors.get(0), 0);
        String must = "must be "
                + errors.stream()
                        .map(error -> types(error.getSchemaNode()))
                        .distinct()
                        .collect(Collectors.joining(" or "));
        if (actual.equals("integer") || actual.equals("number")) {
            return must.contains(TYPES.get("integer")) ? must : must + ", not a number";
        }
        return must + ", not " + TYPES.getOrDefault(actual, "this type");
    }

    private static String types(@Nullable JsonNode expected) {
        if (expected == null) {
            return "of another type";
        }
        List<String> names = new ArrayList<>();
        if (expected.isArray()) {
            expected.forEach(name -> names.add(type(name)));
        } else {
            names.add(type(expected));
        }
        return String.join(" or ", names);
    }

    private static String type(JsonNode name) {
        return TYPES.getOrDefault(name.asString(""), "of another type");
    }

    private static String missing(Error error) {
        List<String> names = new ArrayList<>();
        JsonNode all = error.getSchemaNode();
        JsonNode needed = all == null || error.getProperty() == null ? null : all.get(error.getProperty());
        JsonNode answer = error.getInstanceNode();
        if (needed != null && answer != null) {
            needed.forEach(name -> {
                if (!answer.has(name.asString(""))) {
                    names.add("\"" + name.asString("") + "\"");
                }
            });
        }
        return String.join(" and ", names);
    }

    private static String not(@Nullable JsonNode schema) {
        if (schema != null && schema.size() == 1) {
            if (schema.has("const")) {
                return "must not be " + value(schema.get("const"));
            }
            if (schema.has("enum")) {
                return "must not be one of: " + values(schema.get("enum"));
            }
            if (schema.has("type")) {
                return "must not be " + types(schema.get("type"));
            }
            if (schema.has("required")) {
                return "must not have all of the fields: " + values(schema.get("required"));
            }
        }
        return "is not allowed";
    }

    private static String values(@Nullable JsonNode list) {
        if (list == null || !list.isArray()) {
            return value(list);
        }
        String shown =
                list.valueStream().limit(MAX_VALUES).map(Violations::value).collect(Collectors.joining(", "));
        return list.size() > MAX_VALUES ? shown + " and " + (list.size() - MAX_VALUES) + " more" : shown;
    }

    /** Returns plain text unchanged, everything else as JSON. */
    private static String value(@Nullable JsonNode value) {
        if (value == null) {
            return "null";
        }
        if (value.isString()) {
            String text = value.stringValue();
            return text.isBlank() || text.contains(",") || !text.equals(text.strip()) ? "\"" + text + "\"" : text;
        }
        return value.isNumber() ? JsonText.number(value.decimalValue()) : value.toString();
    }
}
