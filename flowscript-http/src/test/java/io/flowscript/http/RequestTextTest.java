package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is read from the text of a request's head")
class RequestTextTest {

    @Test
    void readsAQueryAsFormsWriteIt() {
        assertThat(QueryString.parse(null)).isEmpty();
        assertThat(QueryString.parse("")).isEmpty();
        assertThat(QueryString.parse("a=1&b=x+y%2B&&a=%C3%BC&c&=d&e=f=g"))
                .isEqualTo(Map.of(
                        "a", List.of("1", "\u00fc"),
                        "b", List.of("x y+"),
                        "c", List.of(""),
                        "", List.of("d"),
                        "e", List.of("f=g")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "%+1=x", "a=%FF", "a=%C3", "a=%\u0661\u0661"})
    void refusesAQueryThatIsNotWellFormed(String query) {
        assertThatThrownBy(() -> QueryString.parse(query))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(400));
    }

    @Test
    void anEscapedSlashStaysInItsSegment() {
        assertThat(Route.of("/executions/a%2Fb+c/status"))
                .hasValueSatisfying(route -> assertThat(route.ids()).containsExactly("a/b+c"));
        assertThat(Route.of("/executions/a/b/status")).isEmpty();
        assertThat(Route.of("/executions/%zz/status")).isEmpty();
        assertThat(Route.of("/executions//status")).isEmpty();
        assertThat(Route.of("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/event-stream                                   | text/event-stream",
                "application/json, text/event-stream                 | application/json text/event-stream",
                "application/json;q=0.5, Text/Event-Stream;v=1;q=0.9 | text/event-stream application/json",
                "text/event-stream;q=0, application/json;q=0.001     | application/json",
                "text/event-stream;q=much                            | ",
            })
    void ordersWhatIsAcceptedByHowWellItIsLiked(String accept, String types) {
        assertThat(AcceptedTypes.of(List.of(accept))).isEqualTo(types == null ? List.of() : List.of(types.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({"a.example,a.example,-1", "a.example:80,a.example,80", "[::1],[::1],-1", "[::1]:3013,[::1],3013"})
    void takesAnAuthorityApart(String text, String name, int port) {
        assertThat(Authority.of(request(text))).isEqualTo(new Authority(name, port));
    }

    @Test
    void whatIsNoAuthorityHasNoName() {
        assertThat(Authority.of(request(null)).name()).isNull();
        assertThat(Authority.of(request("a.example:port")).name()).isNull();
    }

    private static HttpRequest request(String authority) {
        return new HttpRequest("GET", "/", null, Map.of(), authority, "127.0.0.1", false, null);
    }
}
