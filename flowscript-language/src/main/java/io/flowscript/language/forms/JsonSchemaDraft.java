package io.flowscript.language.forms;

import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The drafts of JSON Schema that a form may use, and which of their keywords hold subschemas. */
@SuppressWarnings("ImmutableEnumChecker") // The library's class is immutable, but not annotated as such.
enum JsonSchemaDraft {
    DRAFT_2020_12(
            "https://json-schema.org/draft/2020-12/schema",
            Dialects.getDraft202012(),
            Set.of(
                    "additionalProperties",
                    "contains",
                    "contentSchema",
                    "items",
                    "propertyNames",
                    "unevaluatedItems",
                    "unevaluatedProperties"),
            Set.of("prefixItems"),
            Set.of("$defs", "definitions", "patternProperties", "properties")),
    DRAFT_2019_09(
            "https://json-schema.org/draft/2019-09/schema",
            Dialects.getDraft201909(),
            Set.of(
                    "additionalItems",
                    "additionalProperties",
                    "contains",
                    "contentSchema",
                    "items",
                    "propertyNames",
                    "unevaluatedItems",
                    "unevaluatedProperties"),
            Set.of("items"),
            Set.of("$defs", "definitions", "patternProperties", "properties")),
    DRAFT_07(
            "http://json-schema.org/draft-07/schema#",
            Dialects.getDraft7(),
            Set.of("additionalItems", "additionalProperties", "contains", "items", "propertyNames"),
            Set.of("items"),
            Set.of("definitions", "patternProperties", "properties")),
    DRAFT_06(
            "http://json-schema.org/draft-06/schema#",
            Dialects.getDraft6(),
            Set.of("additionalItems", "additionalProperties", "contains", "items", "propertyNames"),
            Set.of("items"),
            Set.of("definitions", "patternProperties", "properties")),
    DRAFT_04(
            "http://json-schema.org/draft-04/schema#",
            Dialects.getDraft4(),
            Set.of("additionalItems", "additionalProperties", "items"),
            Set.of("items"),
            Set.of("definitions", "patternProperties", "properties"));

    private final String id;
    private final Dialect dialect;
    private final Set<String> schemas;
    private final Set<String> lists;
    private final Set<String> maps;

    JsonSchemaDraft(String id, Dialect blueprint, Set<String> schemas, Set<String> lists, Set<String> maps) {
        this.id = id;
        this.schemas = schemas;
        this.lists = lists;
        this.maps = maps;
        this.dialect = Dialect.builder(blueprint)
                .formats(formats -> {
                    // The keywords of the specification, without the library's additional ones.
                    formats.keySet().removeIf(name -> !Violations.knowsFormat(name));
                    AddressFormats.tighten(formats);
                    formats.replaceAll((name, format) -> new BoundedFormat(format));
                })
                .keyword(new UniqueItemsKeyword())
                .keyword(AlternativesKeyword.anyOf())
                .keyword(AlternativesKeyword.oneOf())
                // The library's own factory keeps each name forever and logs it.
                .unknownKeywordFactory((keyword, context) -> new AnnotationKeyword(keyword))
                .build();
    }

    /** {@return the draft of that name; the name may have an empty fragment, and http or https as scheme} */
    static Optional<JsonSchemaDraft> of(String schema) {
        String plain = plain(schema);
        return Arrays.stream(values())
                .filter(draft -> plain(draft.id).equals(plain))
                .findFirst();
    }

    private static String plain(String schema) {
        String bare = schema.endsWith("#") ? schema.substring(0, schema.length() - 1) : schema;
        return bare.startsWith("http:") ? "https:" + bare.substring("http:".length()) : bare;
    }

    static String known() {
        return Arrays.stream(values()).map(JsonSchemaDraft::id).collect(Collectors.joining(", "));
    }

    static List<Dialect> dialects() {
        return Arrays.stream(values()).map(draft -> draft.dialect).toList();
    }

    /** {@return the value of "$schema" for this draft} */
    String id() {
        return id;
    }

    String idKeyword() {
        return this == DRAFT_04 ? "id" : "$id";
    }

    /** Whether keywords beside a reference are ignored, as up to draft 7. */
    boolean referenceStandsAlone() {
        return compareTo(DRAFT_07) >= 0;
    }

    /** Whether the draft has anchors. Up to draft 7, an id that is only a fragment served as an anchor. */
    boolean hasAnchors() {
        return !referenceStandsAlone();
    }

    /** {@return the shape in which a keyword holds subschemas, or null if it holds none} */
    @Nullable
    SubschemaShape shape(String keyword, Object value) {
        if (value instanceof List) {
            return lists.contains(keyword) || isChoice(keyword) ? SubschemaShape.LIST : null;
        }
        if (maps.contains(keyword) || keyword.equals("dependencies") || dependentSchemas(keyword)) {
            return SubschemaShape.MAP;
        }
        return schemas.contains(keyword) || keyword.equals("not") || conditional(keyword) ? SubschemaShape.ONE : null;
    }

    /** Whether the subschemas of a keyword apply to the same value as the schema that contains it. */
    boolean isInPlace(String keyword) {
        return isChoice(keyword)
                || keyword.equals("not")
                || conditional(keyword)
                || dependentSchemas(keyword)
                || keyword.equals("dependencies");
    }

    private static boolean isChoice(String keyword) {
        return keyword.equals("allOf") || keyword.equals("anyOf") || keyword.equals("oneOf");
    }

    private boolean conditional(String keyword) {
        return compareTo(DRAFT_07) <= 0 && (keyword.equals("if") || keyword.equals("then") || keyword.equals("else"));
    }

    private boolean dependentSchemas(String keyword) {
        return hasAnchors() && keyword.equals("dependentSchemas");
    }

    /** The shape in which a keyword holds subschemas. */
    enum SubschemaShape {
        ONE,
        LIST,
        MAP
    }
}
