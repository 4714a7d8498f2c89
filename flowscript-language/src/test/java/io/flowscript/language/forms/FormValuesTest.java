package io.flowscript.language.forms;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any JSON value is an answer, and numbers are what they say, to the last digit. */
class FormValuesTest {

    private final SchemaFormValidator validator = new SchemaFormValidator();

    @ParameterizedTest(name = "{0} takes {1}: {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            {'type':'boolean'} ; false ; true
            {'const':false} ; 0 ; false
            {'const':0} ; false ; false
            {'enum':[0]} ; false ; false
            {'enum':[[false]]} ; [0] ; false
            {'type':'integer'} ; 0 ; true
            {'type':'string','maxLength':0} ; '' ; true
            {'type':'null'} ; null ; true
            {'not':{'type':'null'}} ; null ; false
            {'type':'array','maxItems':0} ; [] ; true
            {'type':'object','maxProperties':0} ; {} ; true
            {'const':null} ; null ; true
            {'const':1} ; 1.0 ; true
            {'const':1.0} ; 1 ; true
            {'const':1} ; 10e-1 ; true
            {'const':1} ; 1.0000000000000000000001 ; false
            {'const':[1,{'a':2.0}]} ; [1.0,{'a':2}] ; true
            {'enum':[1,2]} ; 2.00 ; true
            {'enum':[0.1]} ; 0.1000000000000000055511151231257827 ; false
            {'enum':[9007199254740993]} ; 9007199254740992 ; false
            {'enum':[9007199254740993]} ; 9007199254740993.0 ; true
            {'const':1e400} ; 1e400 ; true
            {'const':1e400} ; 1e401 ; false
            {'const':1e400} ; 10e399 ; true
            {'const':-1e400} ; 1e400 ; false
            {'type':'integer'} ; 1e400 ; true
            {'type':'integer'} ; 1e-400 ; false
            {'type':'integer'} ; 1.0 ; true
            {'type':'integer'} ; 12345678901234567890123.0 ; true
            {'type':'integer'} ; 12345678901234567890123.5 ; false
            {'maximum':1e400} ; 1e401 ; false
            {'maximum':1e400} ; 1e400 ; true
            {'maximum':1e400} ; 5 ; true
            {'maximum':5} ; 1e400 ; false
            {'minimum':1e-400} ; 0 ; false
            {'minimum':1e-400} ; 1e-399 ; true
            {'exclusiveMinimum':0} ; 1e-400 ; true
            {'exclusiveMaximum':0.3} ; 0.30000000000000004 ; false
            {'exclusiveMaximum':0.3} ; 0.29999999999999999999 ; true
            {'maximum':9007199254740992} ; 9007199254740993 ; false
            {'maximum':9223372036854775807} ; 9223372036854775808 ; false
            {'maximum':9223372036854775808} ; 9223372036854775808 ; true
            {'minimum':-9223372036854775808} ; -9223372036854775809 ; false
            {'maximum':100} ; 100.00000000000000000001 ; false
            {'maximum':100.0} ; 100 ; true
            {'multipleOf':0.01} ; 19.99 ; true
            {'multipleOf':0.1} ; 0.3 ; true
            {'multipleOf':0.1} ; 0.30000000000000004 ; false
            {'multipleOf':0.0001} ; 0.0075 ; true
            {'multipleOf':1e-8} ; 12391239123 ; true
            {'multipleOf':3} ; 9007199254740993 ; true
            {'multipleOf':3} ; 9007199254740992 ; false
            {'multipleOf':7} ; 1e400 ; false
            {'multipleOf':10} ; 1e400 ; true
            {'multipleOf':1e-400} ; 1e400 ; true
            {'multipleOf':1e400} ; 1e-400 ; false
            {'multipleOf':123456789012345678901234567890} ; 246913578024691357802469135780 ; true
            {'uniqueItems':true} ; [1,1.0] ; false
            {'uniqueItems':true} ; [1,true] ; true
            {'uniqueItems':true} ; [0,false,'',null,[],{}] ; true
            {'uniqueItems':true} ; [1,'1'] ; true
            {'uniqueItems':true} ; [1e400,10e399] ; false
            {'uniqueItems':true} ; [1e400,1e401] ; true
            {'uniqueItems':true} ; [0.1,0.10] ; false
            {'uniqueItems':true} ; [0,-0.0] ; false
            {'uniqueItems':true} ; [9007199254740992,9007199254740993] ; true
            {'uniqueItems':true} ; [{'a':1,'b':2},{'b':2.0,'a':1}] ; false
            {'uniqueItems':true} ; [{'a':1},{'a':2}] ; true
            {'uniqueItems':true} ; [[1,[2]],[1,[2.0]]] ; false
            {'uniqueItems':true} ; [['a','b'],['ab']] ; true
            {'uniqueItems':true} ; [{'a':'b'},['a','b']] ; true
            {'uniqueItems':true} ; [null,'null'] ; true
            {'minLength':2} ; '😀' ; false
            {'maxLength':1} ; '😀' ; true
            {'pattern':'^.$'} ; '😀' ; true
            """)
    @DisplayName("F15: exactly, without rounding")
    void isExact(String schema, String answer, boolean valid) {
        assertThat(validator.compile(json(schema)).validate(json(answer)).isEmpty())
                .isEqualTo(valid);
    }

    @Test
    @DisplayName("Java numbers that no JSON text can contain are accepted too")
    void takesTheNumbersOfJava() {
        for (Number number : List.of(
                (byte) 4,
                (short) 4,
                4,
                4L,
                4f,
                4d,
                BigInteger.valueOf(4),
                BigDecimal.valueOf(4),
                new BigDecimal("0.4E1"))) {
            assertThat(validator.compile(Map.of("const", 4, "multipleOf", 2)).validate(Json.freeze(number)))
                    .isEmpty();
        }
        assertThat(validator
                        .compile(Map.of("uniqueItems", true))
                        .validate(Json.array(List.of(List.of("a\"1:b"), List.of("a", "b")))))
                .isEmpty();
        BigDecimal enormous = new BigDecimal(BigInteger.TEN, Integer.MIN_VALUE + 1);

        for (Map<String, Object> schema : List.<Map<String, Object>>of(
                Map.of("uniqueItems", true, "type", "number"),
                Map.of("maximum", 5),
                Map.of("multipleOf", 7),
                Map.of("const", 5),
                Map.of("enum", List.of(5, 6)))) {
            assertThat(validator.compile(schema).validate(enormous)).hasSizeLessThanOrEqualTo(1);
            assertThat(validator.compile(Map.of("items", schema)).validate(Json.array(List.of(enormous, enormous))))
                    .hasSizeLessThanOrEqualTo(2);
        }
        assertThat(validator.compile(Map.of("maximum", 5)).validate(enormous)).hasSize(1);
    }

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            ^[!@#$%&*[\\]{}]+$ ; [@] ; true
            ^[a&&b]+$ ; a&b ; true
            ^[[a]+$ ; [a ; true
            ^[^]$ ; x ; true
            []|a ; a ; true
            [] ; a ; false
            ^\\p{Letter}+$ ; Grüße ; true
            ^\\p{L}+$ ; Grüße1 ; false
            ^\\p{gc=Decimal_Number}+$ ; ४२ ; true
            ^\\d+$ ; ४२ ; false
            ^\\w+$ ; ü ; false
            ^\\p{Script=Greek}+$ ; αβγ ; true
            ^\\p{Alphabetic}+$ ; aß ; true
            ^[\\p{Lu}\\d]+$ ; Ä1 ; true
            ^\\P{Letter}$ ; 1 ; true
            ^a\\sb$ ; 'a\\u00a0b' ; true
            ^[\\S]$ ; '\\u00a0' ; false
            ^[^\\s]$ ; '\\u00a0' ; false
            ^a$ ; 'a\\n' ; false
            ^a.b$ ; 'a\\u0085b' ; true
            ^a.b$ ; 'a\\nb' ; false
            ^(a|b$) ; b ; true
            ^a\\$$ ; a$ ; true
            ^[$]$ ; $ ; true
            ^{a}$ ; {a} ; true
            ^a{1,}$ ; aaa ; true
            ^a{,2}$ ; a{,2} ; true
            ^\\u{1F600}$ ; 😀 ; true
            ^\\u0041\\x42$ ; AB ; true
            ^\\cJ\\cj$ ; '\\n\\n' ; true
            ^\\v$ ; '\\u000b' ; true
            ^[\\b]$ ; '\\u0008' ; true
            ^(?<y>a)\\k<y>$ ; aa ; true
            ^(a)\\1$ ; aa ; true
            ^a\\-\\@\\/b$ ; a-@/b ; true
            \\bcat\\b ; a cat ; true
            """)
    @DisplayName("Patterns mean what they mean in a browser, where Java would read the same text otherwise")
    void readsPatternsAsABrowserDoes(String pattern, String text, boolean matches) {
        Object answer = text.startsWith("'") ? json(text) : text;

        assertThat(validator
                        .compile(Map.of("pattern", pattern))
                        .validate(answer)
                        .isEmpty())
                .isEqualTo(matches);
    }

    private static Object json(String text) {
        return Json.freeze(new JsonReader(200).read(text.replace('\'', '"')));
    }
}
