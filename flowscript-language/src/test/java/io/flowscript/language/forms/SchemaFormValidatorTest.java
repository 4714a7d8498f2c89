package io.flowscript.language.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.FormValidator.Form;
import io.flowscript.core.runtime.Violation;
import io.flowscript.json.codec.JsonReader;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaFormValidatorTest {

    private final SchemaFormValidator validator = new SchemaFormValidator();

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @DisplayName("F9: type, minimum, maximum, pattern, nesting and all the rest are checked")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            {'type':'object','required':['amount']} ; {} ; $.amount required is required
            {'properties':{'amount':{'minimum':1}}} ; {'amount':0} ; $.amount minimum must be at least 1
            {'properties':{'amount':{'maximum':10.5}}} ; {'amount':11} ; $.amount maximum must be at most 10.5
            {'exclusiveMinimum':0} ; 0 ; $ exclusiveMinimum must be more than 0
            {'exclusiveMaximum':5} ; 5 ; $ exclusiveMaximum must be less than 5
            {'multipleOf':0.01} ; 19.999 ; $ multipleOf must be a multiple of 0.01
            {'type':'integer'} ; 1.5 ; $ type must be a whole number
            {'type':'string'} ; false ; $ type must be a text, not true or false
            {'type':'boolean'} ; 0 ; $ type must be true or false, not a number
            {'type':'object'} ; '' ; $ type must be an object, not a text
            {'type':'string'} ; null ; $ type must be a text, not null
            {'minLength':2} ; 'a' ; $ minLength must have at least 2 characters
            {'maxLength':2} ; 'abc' ; $ maxLength must have at most 2 characters
            {'pattern':'^[A-Z]+$'} ; 'abc' ; $ pattern must match the pattern ^[A-Z]+$
            {'format':'email'} ; 'nobody' ; $ format must be an email address such as name@example.com
            {'format':'date'} ; '2026-13-01' ; $ format must be a date such as 2026-05-31
            {'format':'date-time'} ; 'today' ; $ format must be a date and time with its offset such as 2026-05-31T09:30:00Z
            {'format':'uuid'} ; 'x' ; $ format must be a UUID such as 123e4567-e89b-12d3-a456-426614174000
            {'enum':['approved','rejected']} ; 'maybe' ; $ enum must be one of: approved, rejected
            {'const':1} ; 2 ; $ const must be 1
            {'items':{'type':'integer'}} ; [1,'x'] ; $[1] type must be a whole number, not a text
            {'minItems':1} ; [] ; $ minItems must have at least 1 item
            {'uniqueItems':true} ; [1,1] ; $ uniqueItems must not have the same item twice
            {'properties':{'a':{'items':{'properties':{'b c':{'type':'null'}}}}}} ; {'a':[{'b c':1}]} ; $.a[0]['b c'] type must be null, not a number
            {'properties':{'a':{}},'additionalProperties':false} ; {'a':1,'b':2} ; $.b additionalProperties is not expected here, so leave it out
            {'$defs':{'n':{'minimum':3}},'properties':{'x':{'$ref':'#/$defs/n'}}} ; {'x':2} ; $.x minimum must be at least 3
            {'$schema':'http://json-schema.org/draft-07/schema#','type':'string'} ; 1 ; $ type must be a text, not a number
            """)
    void namesWhatIsWrongAndWhatWouldBeRight(String schema, String answer, String violation) {
        List<Violation> violations = form(schema).validate(json(answer));

        assertThat(violations)
                .extracting(v -> v.path() + " " + v.keyword() + " " + v.message())
                .containsExactly(violation.replace('\'', '"'));
    }

    @ParameterizedTest(name = "{0} takes {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            true ; {'any':'thing'}
            {} ; null
            {'type':'integer'} ; 2.0
            {'type':'number'} ; 123456789012345678901234567890.5
            {'type':'boolean'} ; false
            {'type':'string'} ; ''
            {'type':'number'} ; 0
            {'multipleOf':0.01} ; 19.99
            {'pattern':'^a$'} ; 'a'
            {'format':'date'} ; '2026-11-22'
            {'required':['x']} ; []
            {'type':'object','properties':{'next':{'$ref':'#'}}} ; {'next':{'next':{}}}
            """)
    void takesWhatFits(String schema, String answer) {
        assertThat(form(schema).validate(json(answer))).isEmpty();
    }

    @Test
    void reportsEveryViolation() {
        Form form = form("{'required':['a','b'],'properties':{'c':{'type':'string'},'d':{'minimum':5}}}");

        assertThat(form.validate(json("{'c':1,'d':2}")))
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("$.a", "$.b", "$.c", "$.d");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            {'type':'strng'} ; at #/type: must be one of: array, boolean, integer, null, number, object, string
            {'properties':{'a':{'minimum':'1'}}} ; at #/properties/a/minimum: must be a number, not a text
            {'required':'a'} ; at #/required: must be a list
            {'pattern':'('} ; at #/pattern: '(' is not a regular expression: unclosed group
            {'properties':{'a':{'$ref':'#/$defs/b'}}} ; at #/properties/a/$ref: '#/$defs/b' cannot be resolved
            {'items':{'$ref':'#/$defs/b'}} ; at #/items/$ref: '#/$defs/b' cannot be resolved
            {'anyOf':[{'properties':{'a':{'$ref':'#nowhere'}}}]} ; at #/anyOf/0/properties/a/$ref: '#nowhere' cannot be resolved
            {'$ref':'#'} ; at #/$ref: it refers to itself without end
            {'$ref':'http://localhost:1/x.json'} ; at #/$ref: 'http://localhost:1/x.json' is outside of this schema
            {'items':{'$ref':'file:///etc/passwd'}} ; at #/items/$ref: 'file:///etc/passwd' is outside of this schema
            {'items':{'$ref':'other.json#/a'}} ; is outside of this schema
            {'items':{'$dynamicRef':'classpath:x.json'}} ; is outside of this schema
            {'$schema':'http://localhost:1/schema'} ; at #/$schema: 'http://localhost:1/schema' is not supported; use one of https://json-schema.org/draft/2020-12/schema, https://json-schema.org/draft/2019-09/schema, http://json-schema.org/draft-07/schema#, http://json-schema.org/draft-06/schema#, http://json-schema.org/draft-04/schema#
            'text' ; it is a value of type string
            [] ; it is a value of type array
            """)
    void refusesAWrongSchemaWhenItIsCompiled(String schema, String why) {
        assertThatThrownBy(() -> form(schema))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageStartingWith("The form's schema is not valid: ")
                .hasMessageContaining(why.replace('\'', '"'))
                .hasMessageNotContainingAny("networknt", "Exception", "java.")
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("invalid_schema");
    }

    @ParameterizedTest(name = "{0}")
    @Timeout(20)
    @DisplayName("I5: a pattern that would run forever ends within its budget, and the answer is refused")
    @CsvSource({
        "'^(a+)+$'",
        "'^(a|aa)+$'",
        "'(.*a){30}x'",
        "'^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)$'",
        "'^(a|b)*c$'"
    })
    void endsPatternsThatRunAway(String pattern) {
        Form form = validator.compile(Map.of("pattern", pattern));

        List<Violation> violations = form.validate("a".repeat(100_000) + "!");

        assertThat(violations).hasSize(1);
        assertThat(violations.get(0).keyword()).isIn("limit", "pattern");
    }

    @Test
    @Timeout(20)
    @DisplayName("I5: an answer that exceeds its steps is refused, even inside the keyword not")
    void refusesWhatCouldNotBeChecked() {
        Form form = validator.compile(Map.of("not", Map.of("pattern", "^(a+)+$")));

        assertThat(form.validate("a".repeat(50_000) + "!")).isNotEmpty();
    }

    @Test
    @Timeout(30)
    @DisplayName("I5: a megabyte with an error at each place gives a hundred violations, in time")
    void isBoundedInViolations() {
        Form items = validator.compile(Map.of("items", Map.of("type", "integer", "minimum", 5)));
        Form either = validator.compile(Map.of(
                "anyOf", List.of(Map.of("items", Map.of("type", "integer")), Map.of("items", Map.of("type", "null")))));
        List<Object> wrong = Json.array(Collections.nCopies(300_000, "x"));

        assertThat(items.validate(wrong))
                .hasSize(101)
                .last()
                .isEqualTo(new Violation("$", "limit", "has more violations than are listed here; fix these first"));
        assertThat(either.validate(wrong)).isNotEmpty().hasSizeLessThanOrEqualTo(101);
    }

    @Test
    @Timeout(30)
    void checksAMegabyteInTime() {
        Form form = form(
                "{'type':'array','items':{'type':'object','required':['name'],'properties':{'name':{'type':'string','pattern':'^[a-z ]+$'}}}}");
        List<Object> answer = Json.array(Collections.nCopies(40_000, Map.of("name", "somebody with a name")));

        assertThat(form.validate(answer)).isEmpty();
    }

    @Test
    void bindsAnAnswerThatIsAsDeepAsAValueMayBe() {
        Object deep = 1;
        for (int i = 0; i < Json.MAX_DEPTH; i++) {
            deep = Map.of("next", deep);
        }
        Form form = form("{'type':['object','integer'],'properties':{'next':{'$ref':'#'}}}");

        assertThat(form.validate(Json.freeze(deep))).isEmpty();
    }

    @Test
    void messagesAreShortAndOnOneLine() {
        Form form = validator.compile(Map.of("enum", List.of("x".repeat(5_000), "line\nbreak")));

        assertThat(form.validate("y").get(0).message()).hasSizeLessThan(400).doesNotContain("\n");

        Map<String, Object> closed = new HashMap<>(Map.of("additionalProperties", false));
        assertThat(validator.compile(closed).validate(Map.of("a\"b", 1)).get(0).path())
                .isEqualTo("$[\"a\\\"b\"]");
    }

    @ParameterizedTest(name = "{0}: {1} takes {2}: {3}")
    @DisplayName("The draft that $schema names is used, however its name is written")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            http://json-schema.org/draft-04/schema# ; 'minimum':5,'exclusiveMinimum':true ; 5 ; false
            http://json-schema.org/draft-04/schema ; 'const':1 ; 2 ; true
            http://json-schema.org/draft-04/schema# ; 'id':'https://a.example/x','items':{'$ref':'x#/definitions/n'},'definitions':{'n':{'type':'null'}} ; [1] ; false
            http://json-schema.org/draft-06/schema# ; 'const':1 ; 2 ; false
            http://json-schema.org/draft-06/schema ; 'if':true,'then':false ; 2 ; true
            http://json-schema.org/draft-07/schema# ; 'if':true,'then':false ; 2 ; false
            https://json-schema.org/draft-07/schema# ; 'minContains':5,'contains':{'const':1} ; [1] ; true
            http://json-schema.org/draft-07/schema ; '$ref':'#/definitions/n','minimum':9,'definitions':{'n':{'type':'integer'}} ; 1 ; true
            http://json-schema.org/draft-07/schema# ; 'items':{'$ref':'#n'},'definitions':{'n':{'$id':'#n','type':'null'}} ; [1] ; false
            http://json-schema.org/draft-07/schema# ; 'format':'email' ; 'nobody' ; false
            https://json-schema.org/draft/2019-09/schema ; 'minContains':5,'contains':{'const':1} ; [1] ; false
            https://json-schema.org/draft/2019-09/schema ; 'items':[{'type':'null'}] ; [1] ; false
            https://json-schema.org/draft/2019-09/schema# ; 'prefixItems':[{'type':'null'}] ; [1] ; true
            https://json-schema.org/draft/2019-09/schema ; '$ref':'#/$defs/n','minimum':9,'$defs':{'n':{'type':'integer'}} ; 1 ; false
            https://json-schema.org/draft/2019-09/schema ; 'format':'email' ; 'nobody' ; false
            https://json-schema.org/draft/2020-12/schema ; 'prefixItems':[{'type':'null'}] ; [1] ; false
            http://json-schema.org/draft/2020-12/schema# ; 'format':'email' ; 'nobody' ; false
            https://json-schema.org/draft/2020-12/schema ; '$defs':{'old':{'$schema':'http://json-schema.org/draft-07/schema#','$id':'old','allOf':[{'$ref':'#/definitions/n','minimum':9}],'definitions':{'n':{'type':'integer'}}}},'$ref':'old' ; 1 ; true
            """)
    void honoursTheDraft(String draft, String keywords, String answer, boolean valid) {
        Form form = form("{'$schema':'" + draft + "'," + keywords + "}");

        assertThat(form.validate(json(answer)).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            {'$schema':'https://json-schema.org/draft/next/schema'} ; at #/$schema: 'https://json-schema.org/draft/next/schema' is not supported
            {'$schema':'http://json-schema.org/draft-03/schema#'} ; is not supported
            {'$schema':'http://json-schema.org/schema#'} ; is not supported
            {'$schema':'https://json-schema.org/draft/2020-12/meta/core'} ; is not supported
            {'$schema':'https://json-schema.org/draft/2020-12/../../../application'} ; is not supported
            {'$schema':'classpath:/application.json'} ; is not supported
            {'$schema':5} ; at #/$schema: must be one of
            {'properties':{'a':{'$id':'a','$schema':'https://spec.openapis.org/oas/3.1/dialect/base'}}} ; at #/properties/a/$schema: 'https://spec
            """)
    @DisplayName("An unknown draft is refused, and those that are known are listed")
    void refusesUnknownDrafts(String schema, String why) {
        assertThatThrownBy(() -> form(schema))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining(why.replace('\'', '"'))
                .hasMessageContaining(
                        "https://json-schema.org/draft/2020-12/schema, https://json-schema.org/draft/2019-09/schema, "
                                + "http://json-schema.org/draft-07/schema#, http://json-schema.org/draft-06/schema#, "
                                + "http://json-schema.org/draft-04/schema#")
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("invalid_schema");
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("I9: no reference leads to a file, to the class path or into the network")
    @CsvSource({
        "file:///etc/passwd",
        "classpath:/application.json",
        "resource:/application.json",
        "jar:file:/x.jar!/a",
        "http://localhost:1/a.json",
        "//localhost/a",
        "/a.json",
        "../a.json",
        "https://json-schema.org/../META-INF/MANIFEST.MF",
        "https://json-schema.org/draft/2020-12/../../application",
        "https://json-schema.org/draft/2020-12/meta/../../../application",
        "https://json-schema.org/draft-07/schema/../../x",
        "https://form.invalid/other",
        "urn:uuid:feebdaed-ffff-0000-ffff-0000deadbeef",
        "a b",
        "%zz"
    })
    void followsNothingOutOfTheDocument(String reference) {
        for (String keyword : List.of("$ref", "$dynamicRef")) {
            assertThatThrownBy(() -> validator.compile(Map.of("items", Map.of(keyword, reference))))
                    .isInstanceOf(FlowScriptException.class)
                    .hasMessageContaining("at #/items/" + keyword + ": \"" + reference + "\" ")
                    .extracting(e -> ((FlowScriptException) e).code())
                    .isEqualTo("invalid_schema");
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName(
            "References within the document are followed, by pointer, anchor and id; values that only look like one are ignored")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            {'items':{'$ref':'#/$defs/a%25b~1c'},'$defs':{'a%b/c':{'type':'null'}}} ; [1]
            {'items':{'$ref':'#here'},'$defs':{'x':{'$anchor':'here','type':'null'}}} ; [1]
            {'items':{'$ref':'address'},'$defs':{'x':{'$id':'address','type':'null'}}} ; [1]
            {'$id':'https://a.example/forms/order','items':{'$ref':'/forms/address#/$defs/n'},'$defs':{'x':{'$id':'address','$defs':{'n':{'type':'null'}}}}} ; [1]
            {'$id':'urn:example:form','items':{'$ref':'urn:example:form#/$defs/n'},'$defs':{'n':{'type':'null'}}} ; [1]
            {'items':{'$dynamicRef':'#node'},'$defs':{'x':{'$dynamicAnchor':'node','type':'null'}}} ; [1]
            {'items':{'$ref':'#/x-parts/0'},'x-parts':[{'type':'null'}]} ; [1]
            {'items':{'$ref':'https://json-schema.org/draft/2020-12/schema'}} ; [1]
            {'items':{'$ref':'http://json-schema.org/draft-07/schema#/definitions/nonNegativeInteger'}} ; [-1]
            {'properties':{'$ref':{'type':'null'}},'default':{'$ref':'http://localhost:1/'}} ; {'$ref':1}
            {'enum':[{'$ref':'http://localhost:1/'}],'examples':[{'$id':'%'}],'x-note':{'$ref':5}} ; 1
            """)
    void followsReferencesWithinTheDocument(String schema, String wrong) {
        Form form = form(schema);

        assertThat(form.validate(json(wrong))).hasSize(1);
    }

    @Test
    @DisplayName("One validator serves many threads from its first moment")
    void isSafeForManyThreads() throws Exception {
        SchemaFormValidator shared = new SchemaFormValidator();
        Object schema = json(
                "{'items':{'$ref':'#/$defs/a'},'$defs':{'a':{'anyOf':[{'type':'integer','minimum':5},{'type':'string','pattern':'^a+$'}]}}}");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<Violation>>> results = threads.invokeAll(
                    Collections.nCopies(200, () -> shared.compile(schema).validate(json("[1,'b',5,'aa']"))));

            for (Future<List<Violation>> result : results) {
                assertThat(result.get()).extracting(Violation::path).containsExactly("$[0]", "$[1]");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Form form(String schema) {
        return validator.compile(json(schema));
    }

    private static Object json(String text) {
        Object value = new JsonReader(500).read(text.replace('\'', '"'));
        return Json.freeze(value instanceof Map<?, ?> map ? new LinkedHashMap<>(map) : value);
    }
}
