package io.flowscript.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is expected, against what came. */
class JsonPatternTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1                                | 1
            1                                | 1.0
            100                              | 1e2
            "a"                              | "a"
            null                             | null
            {}                               | {"more":1}
            {"a":1}                          | {"a":1,"b":2}
            {"a":"$absent"}                  | {"b":null}
            [1,"$any",[]]                    | [1,null,[]]
            "$any"                           | null
            "$string"                        | ""
            "$integer"                       | 9223372036854775808
            "$number"                        | 0.5
            "$boolean"                       | false
            "$object"                        | {}
            "$array"                         | []
            "$.path"                         | "$.path"
            {"$includes":[{"a":1},{"a":3}]}  | [{"a":3,"b":0},2,{"a":1}]
            {"$includes":[]}                 | [1]
            "${known}"                       | 7
            "<${known}>"                     | "<7>"
            "${new}"                         | {"x":1}
            ["${new}",{"a":"${new}"}]        | [{"x":1},{"a":{"x":1}}]
            """)
    void fits(String pattern, String value) {
        assertThat(mismatch(pattern, value)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1                         | 2                 | $ is 2; expected: 1
            1                         | "1"               | $ is "1"; expected: 1
            null                      | {}                | $ is {}; expected: null
            false                     | null              | $ is null; expected: false
            {"a":{"b":[0,1]}}         | {"a":{"b":[0,2]}} | $.a.b[1] is 2; expected: 1
            {"a":"$any"}              | {}                | $.a is missing; expected: "$any"
            {"a":"$absent"}           | {"a":null}        | $.a must be absent, but is null
            {}                        | []                | $ is []; expected: an object
            []                        | {}                | $ is {}; expected: an array of 0
            [1]                       | [1,2]             | $ is [1,2]; expected: an array of 1
            "$string"                 | 1                 | $ is 1; expected: "$string"
            "$integer"                | 1.5               | $ is 1.5; expected: "$integer"
            "$object"                 | []                | $ is []; expected: "$object"
            "$absent"                 | 1                 | $ is 1; expected: "$absent"
            {"$includes":[{"a":2}]}   | [{"a":1}]         | $ does not include {"a":2}; it is [{"a":1}]
            {"$includes":[1]}         | {}                | $ is {}; expected: an array
            "${known}"                | 8                 | $ is 8; expected: 7
            "<${known}>"              | "<8>"             | $ is "<8>"; expected: "<7>"
            ["${new}","${new}"]       | [1,2]             | $[1] is 2; expected: 1
            """)
    void doesNotFit(String pattern, String value, String told) {
        assertThat(mismatch(pattern, value)).isEqualTo(told);
    }

    @Test
    void whatDoesNotFitFindsNothingOut() {
        Variables variables = new Variables();

        assertThat(JsonPattern.mismatch(JsonTexts.read("[\"${a}\",2]"), JsonTexts.read("[1,3]"), variables))
                .isEqualTo("$[1] is 3; expected: 2");
        assertThat(variables.has("a")).isFalse();
        assertThat(JsonPattern.mismatch(JsonTexts.read("[\"${a}\",3]"), JsonTexts.read("[1,3]"), variables))
                .isNull();
        assertThat(variables.get("a")).isEqualTo(1);
    }

    @Test
    void whatOneElementOfManyHasFoundOutIsKept() {
        Variables variables = new Variables();
        String came = "[{\"k\":1,\"v\":\"x\"},{\"k\":2,\"v\":\"y\"}]";

        assertThat(JsonPattern.mismatch(
                        JsonTexts.read("{\"$includes\":[{\"k\":2,\"v\":\"${v}\"}]}"), JsonTexts.read(came), variables))
                .isNull();
        assertThat(variables.get("v")).isEqualTo("y");
    }

    @Test
    void aVariableIsSentWithItsType() {
        Variables variables = new Variables();
        variables.put("n", 7);
        variables.put("o", JsonTexts.read("{\"a\":[null]}"));

        assertThat(JsonTexts.write(
                        variables.fill(JsonTexts.read("[\"${n}\",\"${n}:${n}\",{\"x\":\"${o}\"},\"${unknown}\"]"))))
                .isEqualTo("[7,\"7:7\",{\"x\":{\"a\":[null]}},\"${unknown}\"]");
    }

    private static String mismatch(String pattern, String value) {
        Variables variables = new Variables();
        variables.put("known", 7);
        return JsonPattern.mismatch(JsonTexts.read(pattern), JsonTexts.read(value), variables);
    }
}
