package io.flowscript.language.forms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the public test suite does not ask of host names and email addresses. */
class AddressFormatsTest {

    private final SchemaFormValidator validator = new SchemaFormValidator();

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            email ; ada@example.com ; true
            email ; ada.lovelace+news@mail.example.com ; true
            email ; "ada lovelace"@example.com ; true
            email ; ada@[192.0.2.1] ; true
            email ; prívate@test.com ; false
            email ; 用户@例子.cn ; false
            email ; ada@exämple.com ; false
            email ; a\u200Bda@example.com ; false
            email ; ada@example.com\u200B ; false
            email ; ada@-example.com ; false
            email ; ada@exam_ple.com ; false
            email ; a..b@example.com ; false
            idn-email ; prívate@test.com ; true
            idn-email ; 用户@例子.cn ; true
            idn-email ; ada@exämple.com ; true
            idn-email ; ada@exa\u0308mple.com ; false
            idn-email ; ada@-exämple.com ; false
            idn-email ; ada@9\u0627.example ; false
            idn-hostname ; exämple.com ; true
            idn-hostname ; exa\u0308mple.com ; false
            idn-hostname ; 例子.cn ; true
            idn-hostname ; \u0645\u062B\u0627\u0644.example ; true
            idn-hostname ; \u0645\u062B\u0627\u06449.example ; true
            idn-hostname ; 9\u0645\u062B\u0627\u0644.example ; false
            idn-hostname ; \u0645\u062B\u0627\u0644a.example ; false
            idn-hostname ; a\u0645\u062B\u0627\u0644.example ; false
            idn-hostname ; \u0645\u0661\u062B1.example ; false
            idn-hostname ; \u0645\u062B\u0627\u0644.9example ; false
            idn-hostname ; \u05D0\u05D1\u05B0 ; true
            hostname ; exämple.com ; false
            hostname ; www.example.com ; true
            """)
    void addresses(String format, String text, boolean valid) {
        assertThat(validator.compile(Map.of("format", format)).validate(text).isEmpty())
                .isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"64, true", "65, false"})
    void localPartsHaveABound(int length, boolean valid) {
        assertThat(validator
                        .compile(Map.of("format", "email"))
                        .validate("a".repeat(length) + "@example.com")
                        .isEmpty())
                .isEqualTo(valid);
    }
}
