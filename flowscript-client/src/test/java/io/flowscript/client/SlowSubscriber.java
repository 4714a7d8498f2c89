package io.flowscript.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/** Asks for events only when the test does. */
final class SlowSubscriber implements Flow.Subscriber<ClientEvent> {

    Flow.Subscription subscription;
    final List<Long> numbers = new ArrayList<>();
    Throwable error;
    int ends;

    @Override
    public void onSubscribe(Flow.Subscription its) {
        subscription = its;
    }

    @Override
    public void onNext(ClientEvent event) {
        numbers.add(event.position().seq());
    }

    @Override
    public void onError(Throwable failure) {
        error = failure;
        ends++;
    }

    @Override
    public void onComplete() {
        ends++;
    }
}
