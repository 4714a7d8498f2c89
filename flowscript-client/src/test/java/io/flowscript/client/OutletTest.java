package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.log.Position;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.testsupport.Thrown;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of {@link Flow} between a subscription and its subscriber. */
class OutletTest {

    private final ManualExecutor threads = new ManualExecutor();
    private final SlowSubscriber subscriber = new SlowSubscriber();
    private int drained;
    private int cancelled;

    private Outlet outlet(Flow.Subscriber<ClientEvent> to, int limit) {
        Outlet outlet = new Outlet(to, limit, threads, () -> drained++, () -> cancelled++);
        to.onSubscribe(outlet);
        return outlet;
    }

    private static ClientEvent event(long seq) {
        return new ClientEvent.Skipped("run", Position.after("e", seq), seq, seq);
    }

    @Test
    void noMoreComesThanWasAskedFor() {
        Outlet outlet = outlet(subscriber, 10);
        for (int i = 1; i <= 5; i++) {
            assertThat(outlet.offer(event(i))).isTrue();
        }
        threads.runAll();
        assertThat(subscriber.numbers).isEmpty();
        outlet.request(2);
        outlet.request(1);
        threads.runAll();
        assertThat(subscriber.numbers).containsExactly(1L, 2L, 3L);
    }

    @Test
    void itKeepsNoMoreThanItsLimitAndTellsOnceWhenHalfIsFree() {
        Outlet outlet = outlet(subscriber, 4);
        for (int i = 1; i <= 4; i++) {
            assertThat(outlet.offer(event(i))).isTrue();
        }
        assertThat(outlet.offer(event(5))).isFalse();
        outlet.request(1);
        threads.runAll();
        assertThat(drained).isZero();
        outlet.request(3);
        threads.runAll();
        assertThat(drained).isOne();
        assertThat(outlet.offer(event(5))).isTrue();
    }

    @Test
    void theEndComesAfterWhatWasTakenAndOnce() {
        Outlet outlet = outlet(subscriber, 4);
        outlet.offer(event(1));
        outlet.finish(null);
        outlet.finish(new ClientException("internal", "too late"));
        threads.runAll();
        assertThat(subscriber.ends).isZero();
        outlet.request(1);
        threads.runAll();
        assertThat(subscriber.numbers).containsExactly(1L);
        assertThat(subscriber.ends).isOne();
        assertThat(subscriber.error).isNull();
    }

    @Test
    void askingForNothingIsAnError() {
        Outlet outlet = outlet(subscriber, 4);
        outlet.request(0);
        threads.runAll();
        assertThat(subscriber.error).isInstanceOf(IllegalArgumentException.class);
        assertThat(cancelled).isOne();
    }

    @Test
    void askingForNothingIsAnErrorAlsoWhileEventsWait() {
        Outlet outlet = outlet(subscriber, 4);
        outlet.offer(event(1));
        outlet.request(0);
        outlet.offer(event(2));
        threads.runAll();
        assertThat(subscriber.error).isInstanceOf(IllegalArgumentException.class);
        assertThat(subscriber.numbers).isEmpty();
        outlet.request(-1);
        threads.runAll();
        assertThat(subscriber.ends).isOne();
    }

    @Test
    void askingForMoreThanThereCanBeIsNoOverflow() {
        Outlet outlet = outlet(subscriber, 4);
        outlet.request(Long.MAX_VALUE);
        outlet.request(Long.MAX_VALUE);
        outlet.offer(event(1));
        threads.runAll();
        assertThat(subscriber.numbers).containsExactly(1L);
    }

    @Test
    void nothingComesAfterCancelling() {
        Outlet outlet = outlet(subscriber, 4);
        outlet.offer(event(1));
        outlet.request(5);
        outlet.cancel();
        outlet.cancel();
        outlet.finish(null);
        threads.runAll();
        assertThat(subscriber.numbers).isEmpty();
        assertThat(subscriber.ends).isZero();
        assertThat(cancelled).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void aSubscriberThatThrowsEndsItsSubscriptionAlone(Thrown thrown) {
        Outlet outlet = outlet(
                new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(10);
                    }

                    @Override
                    public void onNext(ClientEvent event) {
                        thrown.fling();
                    }

                    @Override
                    public void onError(Throwable error) {}

                    @Override
                    public void onComplete() {}
                },
                4);
        outlet.offer(event(1));
        outlet.offer(event(2));
        threads.runAll();
        assertThat(cancelled).isOne();
    }
}
