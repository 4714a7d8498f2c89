package io.flowscript.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a connection's subscription to many executions stands at the server. For the loop's thread. */
final class Wide {

    private final Route route;
    private final Loop.Alarm again;
    private String request = "";
    private int refusals;
    private boolean isOn;

    /** When the server had it first, by the server's clock, in milliseconds; executions that begin later are new. */
    private long since = Long.MAX_VALUE;

    Wide(ClientContext context, Route route) {
        this.route = route;
        again = context.loop().new Alarm();
    }

    /** Whether the server has it, on the present link. */
    boolean isOn() {
        return isOn;
    }

    long since() {
        return since;
    }

    void ask(Subscription subscription) {
        request = route.subscribe(subscription.scope(), Wanted.common(List.of(subscription.wanted())));
    }

    /** Asks again after a while, since the server has refused it for now. */
    void askLater(Subscription subscription) {
        request = "";
        again.set(route.backoff(++refusals), () -> ask(subscription));
    }

    boolean isAskedBy(@Nullable String requestId) {
        return request.equals(requestId);
    }

    void subscribed(Message message) {
        isOn = true;
        refusals = 0;
        if (since == Long.MAX_VALUE) {
            since = message.timestamp();
        }
    }

    void forgetConnection() {
        again.clear();
        request = "";
        isOn = false;
    }
}
