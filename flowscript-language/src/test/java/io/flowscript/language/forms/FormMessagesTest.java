package io.flowscript.language.forms;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.FormValidator.Form;
import io.flowscript.core.runtime.Violation;
import io.flowscript.json.codec.JsonReader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person is told: where, and what would be right. */
class FormMessagesTest {

    /** Schema, answer, and each violation as path, keyword and message. */
    private static final String TABLE = """
            {'type':'object'} | 1 | $ type: must be an object, not a number
            {'type':'array'} | {} | $ type: must be a list, not an object
            {'type':'string'} | [] | $ type: must be a text, not a list
            {'type':'number'} | 'x' | $ type: must be a number, not a text
            {'type':'integer'} | 1.5 | $ type: must be a whole number
            {'type':'integer'} | true | $ type: must be a whole number, not true or false
            {'type':'boolean'} | null | $ type: must be true or false, not null
            {'type':'null'} | 0 | $ type: must be null, not a number
            {'type':['string','null']} | 1 | $ type: must be a text or null, not a number
            {'enum':['approved','rejected']} | 'maybe' | $ enum: must be one of: approved, rejected
            {'enum':['',' a','b, c',1,1.50,true,null,[1],{'a':2}]} | 'x' | $ enum: must be one of: "", " a", "b, c", 1, 1.5, true, null, [1], {"a":2}
            {'const':'yes'} | 'no' | $ const: must be yes
            {'const':false} | true | $ const: must be false
            {'const':{'a':1}} | 1 | $ const: must be {"a":1}
            {'minimum':18} | 17 | $ minimum: must be at least 18
            {'minimum':18.50} | 18.49 | $ minimum: must be at least 18.50
            {'maximum':100} | 101 | $ maximum: must be at most 100
            {'exclusiveMinimum':0} | 0 | $ exclusiveMinimum: must be more than 0
            {'exclusiveMaximum':1} | 1 | $ exclusiveMaximum: must be less than 1
            {'multipleOf':1} | 1.5 | $ multipleOf: must be a whole number
            {'multipleOf':0.01} | 1.005 | $ multipleOf: must be a multiple of 0.01
            {'minLength':1} | '' | $ minLength: must not be empty
            {'minLength':2} | 'a' | $ minLength: must have at least 2 characters
            {'maxLength':0} | 'a' | $ maxLength: must be empty
            {'maxLength':1} | 'ab' | $ maxLength: must have at most 1 character
            {'maxLength':2} | 'abc' | $ maxLength: must have at most 2 characters
            {'pattern':'^[A-Z]{3}$'} | 'abc' | $ pattern: must match the pattern ^[A-Z]{3}$
            {'pattern':'^(([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])[.]){3}([0-9]|[1-9][0-9]|1[0-9]{2})$'} | 'x' | $ pattern: does not have the required format
            {'required':['name']} | {} | $.name required: is required
            {'properties':{'a':{'items':{'required':['b c']}}}} | {'a':[{}]} | $.a[0]["b c"] required: is required
            {'dependentRequired':{'card':['expiry']}} | {'card':1} | $.expiry dependentRequired: is required because "card" is given
            {'minProperties':1} | {} | $ minProperties: must have at least 1 field
            {'maxProperties':2} | {'a':1,'b':2,'c':3} | $ maxProperties: must have at most 2 fields
            {'properties':{'a':{}},'additionalProperties':false} | {'a':1,'b':2} | $.b additionalProperties: is not expected here, so leave it out
            {'additionalProperties':{'type':'string'}} | {'b':2} | $.b type: must be a text, not a number
            {'patternProperties':{'^x-':{'type':'string'}}} | {'x-a':2} | $.x-a type: must be a text, not a number
            {'propertyNames':{'pattern':'^[a-z]+$'}} | {'A':1} | $.A propertyNames: has a name that is not allowed here
            {'dependentSchemas':{'a':{'required':['b']}}} | {'a':1} | $.b required: is required
            {'allOf':[{'properties':{'a':true}}],'unevaluatedProperties':false} | {'a':1,'b':1} | $.b unevaluatedProperties: is not expected here, so leave it out
            {'properties':{'a':false}} | {'a':1} | $.a false: is not allowed here
            false | 1 | $ false: is not allowed here
            {'minItems':1} | [] | $ minItems: must have at least 1 item
            {'maxItems':2} | [1,2,3] | $ maxItems: must have at most 2 items
            {'uniqueItems':true} | [1,2,1.0] | $ uniqueItems: must not have the same item twice
            {'items':{'type':'string'}} | ['a',1] | $[1] type: must be a text, not a number
            {'prefixItems':[{'type':'string'}]} | [1] | $[0] type: must be a text, not a number
            {'prefixItems':[true],'items':false} | [1,2] | $[1] items: is not expected here, so leave it out
            {'allOf':[{'prefixItems':[true]}],'unevaluatedItems':false} | [1,2] | $[1] unevaluatedItems: is not expected here, so leave it out
            {'contains':{'const':1}} | [] | $ contains: must have at least 1 item that match the form
            {'contains':{'const':1},'minContains':2} | [1] | $ minContains: must have at least 2 items that match the form
            {'contains':{'const':1},'maxContains':1} | [1,1] | $ maxContains: must have at most 1 item that match the form
            {'not':{'const':'root'}} | 'root' | $ not: must not be root
            {'not':{'enum':['a','b']}} | 'a' | $ not: must not be one of: a, b
            {'not':{'type':'null'}} | null | $ not: must not be null
            {'not':{'required':['a','b']}} | {'a':1,'b':2} | $ not: must not have all of the fields: a, b
            {'not':{'minimum':5,'maximum':9}} | 7 | $ not: is not allowed
            {'if':{'properties':{'a':{'const':1}}},'then':{'required':['b']}} | {'a':1} | $.b required: is required
            {'if':{'type':'string'},'else':{'minimum':5}} | 1 | $ minimum: must be at least 5
            {'allOf':[{'minimum':5},{'multipleOf':2}]} | 1 | $ minimum: must be at least 5 | $ multipleOf: must be a multiple of 2
            {'anyOf':[{'type':'string'},{'type':'null'}]} | 1 | $ anyOf: must be a text or null, not a number
            {'anyOf':[{'type':'integer'},{'type':['string','null']}]} | 1.5 | $ anyOf: must be a whole number or a text or null
            {'anyOf':[{'type':'string','minLength':3},{'type':'null'}]} | 'a' | $ minLength: must have at least 3 characters
            {'anyOf':[{'required':['mail']},{'required':['phone']}]} | {} | $ anyOf: mail is required, or phone is required
            {'anyOf':[{'properties':{'k':{'const':'card'}},'required':['k','number']},{'properties':{'k':{'const':'bank'}},'required':['k','iban']}]} | {'k':'bank'} | $.iban required: is required
            {'properties':{'p':{'oneOf':[{'properties':{'k':{'const':'card'}},'required':['number']},{'properties':{'k':{'const':'bank'}},'required':['iban']}]}}} | {'p':{'k':'card'}} | $.p.number required: is required
            {'oneOf':[{'type':'integer'},{'minimum':2}]} | 3 | $ oneOf: matches more than one of the alternatives, but must match exactly one
            {'oneOf':[{'minimum':5},{'maximum':1}]} | 3 | $ oneOf: must be at least 5, or must be at most 1
            {'anyOf':[{'const':1},{'const':2},{'const':3},{'const':4},{'const':5}]} | 6 | $ anyOf: must be 1, or must be 2, or must be 3, or must be 4, or one of 1 more
            {'anyOf':[false,false]} | 1 | $ anyOf: is not allowed here
            {'$ref':'#/$defs/a','$defs':{'a':{'minimum':3}}} | 1 | $ minimum: must be at least 3
            {'$dynamicRef':'#/$defs/a','$defs':{'a':{'minimum':3}}} | 1 | $ minimum: must be at least 3
            {'format':'date-time'} | 'x' | $ format: must be a date and time with its offset such as 2026-05-31T09:30:00Z
            {'format':'date'} | '31.5.2026' | $ format: must be a date such as 2026-05-31
            {'format':'time'} | '9:30' | $ format: must be a time with its offset such as 09:30:00Z
            {'format':'duration'} | '3 days' | $ format: must be a duration such as P3D or PT1H30M
            {'format':'email'} | 'nobody' | $ format: must be an email address such as name@example.com
            {'format':'idn-email'} | 'nobody' | $ format: must be an email address such as name@example.com
            {'format':'hostname'} | '-a' | $ format: must be a host name such as www.example.com
            {'format':'idn-hostname'} | '-a' | $ format: must be a host name such as www.example.com
            {'format':'ipv4'} | '1.2.3' | $ format: must be an IPv4 address such as 192.0.2.1
            {'format':'ipv6'} | '1.2.3.4' | $ format: must be an IPv6 address such as 2001:db8::1
            {'format':'uri'} | 'page' | $ format: must be a web address or another URI such as https://example.com/page
            {'format':'uri-reference'} | 'a b' | $ format: must be a URI or a part of one such as /page
            {'format':'iri'} | 'page' | $ format: must be a web address or another IRI such as https://example.com/page
            {'format':'iri-reference'} | 'a b' | $ format: must be an IRI or a part of one such as /page
            {'format':'uuid'} | 'x' | $ format: must be a UUID such as 123e4567-e89b-12d3-a456-426614174000
            {'format':'uri-template'} | '{' | $ format: must be a URI template such as /users/{id}
            {'format':'json-pointer'} | 'a' | $ format: must be a JSON Pointer such as /items/0
            {'format':'relative-json-pointer'} | '/a' | $ format: must be a relative JSON Pointer such as 1/name
            {'format':'regex'} | '(' | $ format: must be a regular expression such as ^[a-z]+$
            {'$schema':'http://json-schema.org/draft-07/schema#','dependencies':{'a':['b','c','d']}} | {'a':1,'c':1} | $ dependencies: needs "b" and "d" because "a" is given
            {'$schema':'http://json-schema.org/draft-07/schema#','items':[true],'additionalItems':false} | [1,2] | $[1] additionalItems: is not expected here, so leave it out
            {'$schema':'http://json-schema.org/draft-04/schema#','minimum':5,'exclusiveMinimum':true} | 5 | $ minimum: must be more than 5
            {'$schema':'http://json-schema.org/draft-04/schema#','maximum':5,'exclusiveMaximum':true} | 5 | $ maximum: must be less than 5
            {'$schema':'https://json-schema.org/draft/2019-09/schema','$recursiveAnchor':true,'properties':{'a':{'$recursiveRef':'#'},'n':{'minimum':2}}} | {'a':{'n':1}} | $.a.n minimum: must be at least 2
            """;

    /** Those of draft 2020-12 that can be violated; the others only say something, or where something is. */
    private static final Set<String> KEYWORDS = Set.of(
            "type",
            "enum",
            "const",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "pattern",
            "format",
            "required",
            "dependentRequired",
            "minProperties",
            "maxProperties",
            "additionalProperties",
            "propertyNames",
            "unevaluatedProperties",
            "minItems",
            "maxItems",
            "uniqueItems",
            "items",
            "unevaluatedItems",
            "contains",
            "minContains",
            "maxContains",
            "not",
            "anyOf",
            "oneOf");

    /** And these lead to what can be. */
    private static final Set<String> APPLICATORS = Set.of(
            "properties",
            "patternProperties",
            "dependentSchemas",
            "prefixItems",
            "allOf",
            "if",
            "then",
            "else",
            "$ref",
            "$dynamicRef",
            "$defs");

    private final SchemaFormValidator validator = new SchemaFormValidator();

    private static List<List<String>> table() {
        return TABLE.lines().map(line -> Arrays.asList(line.split(" \\| ", -1))).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void saysWhatWouldBeRight(List<String> row) {
        assertThat(violations(row)).containsExactlyElementsOf(row.subList(2, row.size()));
    }

    @Test
    @DisplayName("The table has every keyword of draft 2020-12 and every format")
    void theTableIsWhole() {
        Set<String> violated = new TreeSet<>();
        table().forEach(row ->
                row.stream().skip(2).forEach(violation -> violated.add(violation.split("[ :]", -1)[1])));

        assertThat(violated).containsAll(KEYWORDS);
        assertThat(APPLICATORS).allSatisfy(keyword -> assertThat(TABLE).contains("'" + keyword + "':"));
        for (String format : List.of(
                "date-time",
                "date",
                "time",
                "duration",
                "email",
                "idn-email",
                "hostname",
                "idn-hostname",
                "ipv4",
                "ipv6",
                "uri",
                "uri-reference",
                "iri",
                "iri-reference",
                "uuid",
                "uri-template",
                "json-pointer",
                "relative-json-pointer",
                "regex")) {
            assertThat(TABLE).contains("{'format':'" + format + "'}");
            assertThat(Violations.knowsFormat(format)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"de-DE", "tr-TR", "ar-EG-u-nu-arab", "zh-CN", "hi-IN-u-nu-deva"})
    @DisplayName("The messages do not depend on the machine's locale")
    void areIndependentOfTheLocale(String language) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(language));
        try {
            SchemaFormValidator there = new SchemaFormValidator();
            for (List<String> row : table()) {
                assertThat(violations(there, row)).isEqualTo(violations(row));
            }
            assertThat(there.compile(Map.of("minimum", 1_234_567.5)).validate(0))
                    .containsExactly(new Violation("$", "minimum", "must be at least 1234567.5"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    @DisplayName("An unknown format is ignored, as the specification says; so are formats that only the library knows")
    void leavesUnknownFormatsAlone() {
        for (String format : List.of("emial", "phone", "color", "style", "password", "")) {
            assertThat(validator.compile(Map.of("format", format)).validate("x"))
                    .isEmpty();
        }
    }

    @Test
    void arePlainAndBounded() {
        String secret = "x".repeat(10_000);
        for (Object schema : List.of(
                Map.of("enum", List.of(secret, "line\nbreak\u001b[31m")),
                Map.of("const", secret),
                Map.of("pattern", "^" + "(a|b)".repeat(500) + "$"),
                Map.of("anyOf", List.of(Map.of("const", secret), Map.of("const", secret + "y"))),
                Map.of("not", Map.of("const", "a")))) {
            for (Violation violation : validator.compile(schema).validate("a")) {
                assertThat(violation.message()).hasSizeLessThan(310).doesNotContainPattern("\\p{Cntrl}");
            }
        }
        assertThat(validator.compile(Map.of("additionalProperties", false)).validate(Map.of(secret, 1)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.path()).hasSizeLessThan(220));
    }

    @Test
    @DisplayName("F9: every violation is reported, each once, in one receipt")
    void tellsAllAtOnce() {
        assertThat(validator
                        .compile(json("{'required':['a','b'],'properties':{'c':{'type':'string'},'d':{'minimum':5}}}"))
                        .validate(json("{'c':1,'d':2}")))
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("$.a", "$.b", "$.c", "$.d");
        assertThat(validator
                        .compile(json(
                                "{'allOf':[{'$ref':'#/$defs/a'},{'$ref':'#/$defs/a'}],'$defs':{'a':{'minimum':3}}}"))
                        .validate(1))
                .hasSize(1);
    }

    @Test
    @DisplayName("The example of docs/forms.md")
    void isAsTheGuideSays() {
        Form form = validator.compile(Map.of(
                "type", "object",
                "required", List.of("decision", "date"),
                "properties",
                        Map.of(
                                "decision", Map.of("enum", List.of("approved", "rejected")),
                                "amount", Map.of("type", "number", "maximum", 100, "multipleOf", 0.01),
                                "date", Map.of("format", "date"))));

        assertThat(form.validate(Map.of("decision", "maybe", "amount", 250)))
                .containsExactlyInAnyOrder(
                        new Violation("$.decision", "enum", "must be one of: approved, rejected"),
                        new Violation("$.amount", "maximum", "must be at most 100"),
                        new Violation("$.date", "required", "is required"));
    }

    private List<String> violations(List<String> row) {
        return violations(validator, row);
    }

    private static List<String> violations(SchemaFormValidator validator, List<String> row) {
        return validator.compile(json(row.get(0))).validate(json(row.get(1))).stream()
                .map(violation -> violation.path() + " " + violation.keyword() + ": " + violation.message())
                .toList();
    }

    private static Object json(String text) {
        return Json.freeze(new JsonReader(200).read(text.replace('\'', '"')));
    }
}
