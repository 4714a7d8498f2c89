package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Only trusted proxies are believed where a request came from")
class TrustedProxiesTest {

    private static final TrustedProxies PROXIES =
            new TrustedProxies(List.of("127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48", "::1"));

    private static HttpRequest request(String from, Map<String, List<String>> headers) {
        return new HttpRequest("GET", "/", null, headers, "localhost", from, false, null);
    }

    @ParameterizedTest(name = "from {0} with \"{1}\": {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    # the connection comes from | X-Forwarded-For                     | the client is
                    127.0.0.1                   | 203.0.113.7                         | 203.0.113.7
                    127.0.0.1                   | 203.0.113.7:4711                    | 203.0.113.7
                    ::1                         | [2001:db8:2::7]:4711                | 2001:db8:2:0:0:0:0:7
                    0:0:0:0:0:0:0:1             | 2001:db8:2::7                       | 2001:db8:2:0:0:0:0:7
                    10.255.1.2                  | 203.0.113.7                         | 203.0.113.7
                    2001:db8:1:ffff::2          | 203.0.113.7                         | 203.0.113.7
                    ::ffff:10.1.2.3             | 203.0.113.7                         | 203.0.113.7
                    # the client wrote the first entries itself, the trusted proxies the last ones
                    127.0.0.1                   | 198.51.100.1, 203.0.113.7           | 203.0.113.7
                    127.0.0.1                   | 198.51.100.1, 203.0.113.7, 10.0.0.9 | 203.0.113.7
                    127.0.0.1                   | 10.0.0.8, 10.0.0.9                  | 10.0.0.8
                    127.0.0.1                   | 127.0.0.1, 203.0.113.7              | 203.0.113.7
                    # what is no address stands for the proxy before it
                    127.0.0.1                   | unknown                             | 127.0.0.1
                    127.0.0.1                   | 203.0.113.7, _hidden, 10.0.0.9      | 10.0.0.9
                    127.0.0.1                   | example.com                         | 127.0.0.1
                    127.0.0.1                   | 1.2.3                               | 127.0.0.1
                    127.0.0.1                   | 999.1.2.3                           | 127.0.0.1
                    127.0.0.1                   | [2001:db8::1                        | 127.0.0.1
                    127.0.0.1                   | 203.0.113.7,                        | 127.0.0.1
                    # whoever is not trusted is not believed
                    192.0.2.1                   | 203.0.113.7                         | 192.0.2.1
                    11.0.0.1                    | 203.0.113.7                         | 11.0.0.1
                    2001:db8:2::1               | 203.0.113.7                         | 2001:db8:2::1
                    127.0.0.2                   | 203.0.113.7                         | 127.0.0.2
                    """)
    void finds(String from, String forwarded, String client) {
        assertThat(PROXIES.seenThrough(request(from, Map.of("X-Forwarded-For", List.of(forwarded))))
                        .remoteAddress())
                .isEqualTo(client);
    }

    @Test
    @DisplayName("several fields are one list")
    void severalFields() {
        HttpRequest request = request("127.0.0.1", Map.of("X-Forwarded-For", List.of("198.51.100.1", "203.0.113.7")));
        assertThat(PROXIES.seenThrough(request).remoteAddress()).isEqualTo("203.0.113.7");
    }

    @ParameterizedTest(name = "from {0} with \"{1}\": {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1 | https       | true",
                "127.0.0.1 | HTTPS       | true",
                "127.0.0.1 | http, https | true",
                "127.0.0.1 | https, http | false",
                "127.0.0.1 | http        | false",
                "192.0.2.1 | https       | false"
            })
    void knowsTls(String from, String scheme, boolean secure) {
        assertThat(PROXIES.seenThrough(request(from, Map.of("X-Forwarded-Proto", List.of(scheme))))
                        .secure())
                .isEqualTo(secure);
    }

    @Test
    @DisplayName("without a trusted proxy, a request is left as it is")
    void nobodyIsTrustedByDefault() {
        HttpRequest request = request("127.0.0.1", Map.of("X-Forwarded-For", List.of("203.0.113.7")));
        assertThat(new TrustedProxies(List.of()).seenThrough(request)).isSameAs(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0/8",
                "a/8",
                "[::1]",
                "10.0.0.1/8/9"
            })
    void refusesWhatIsNoAddress(String range) {
        assertThatThrownBy(() -> HttpSettings.builder().trustedProxies(range))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_setting"))
                .hasMessageContaining("10.0.0.0/8");
    }
}
