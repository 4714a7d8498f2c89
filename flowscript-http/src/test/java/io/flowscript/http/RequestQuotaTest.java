package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestQuotaTest {

    private static final RequestQuota.Client ANN = new RequestQuota.Client("ann", 2);
    private static final RequestQuota.Client BOB = new RequestQuota.Client("bob", 2);

    private final List<String> replaced = new ArrayList<>();

    private Runnable take(RequestQuota quota, RequestQuota.Client client, String name) {
        return quota.take(client, () -> replaced.add(name));
    }

    @Test
    void theNewestReplacesTheOldestOfTheSameClient() {
        RequestQuota quota = new RequestQuota(3);
        Runnable one = take(quota, ANN, "one");
        Runnable two = take(quota, ANN, "two");
        Runnable bobs = take(quota, BOB, "bobs");
        Runnable three = take(quota, ANN, "three"); // also when the server is full
        assertThat(replaced).containsExactly("one");
        one.run(); // it is counted no more
        assertThat(quota.taken()).isEqualTo(3);
        take(quota, ANN, "four");
        assertThat(replaced).containsExactly("one", "two");
        two.run();
        three.run();
        three.run();
        bobs.run();
        assertThat(quota.taken()).isEqualTo(1);
        take(quota, ANN, "five");
        assertThat(replaced).hasSize(2);
    }

    @Test
    void refusesWhenTheServerIsFull() {
        RequestQuota quota = new RequestQuota(1);
        take(quota, ANN, "one");
        assertThatThrownBy(() -> take(quota, BOB, "bobs")).isInstanceOfSatisfying(Refusal.class, refused -> {
            assertThat(refused.problem().status()).isEqualTo(503);
            assertThat(refused.problem().retryAfter()).isNotNull();
        });
        assertThat(replaced).isEmpty();
        assertThat(quota.taken()).isEqualTo(1);
    }

    @Test
    void nobodyComesBackToWhatIsSwitchedOff() {
        assertThatThrownBy(() -> take(new RequestQuota(0), ANN, "one"))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refused -> assertThat(refused.problem().retryAfter()).isNull());
    }
}
