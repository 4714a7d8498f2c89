package io.flowscript.client;

import io.flowscript.core.log.Position;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection's present way to the server. For the loop's thread. */
interface Link {

    ClientTransport transport();

    /** Whether it is connected. */
    boolean isUp();

    /** Whether the server tells of new executions over it. */
    boolean takesMany();

    /** Connects. The route is told with {@link Route#up} or {@link Route#down}. */
    void open();

    /** Ends it. The route is told nothing from then on. */
    void stop();

    /** Subscribes to executions whose {@link Feed#request} is set. */
    void attach(Collection<Feed> feeds);

    /** Gives a subscription the filter that its readers want now, without moving it, and asks for how it stands. */
    void refilter(Feed feed);

    /** Ends the subscription to one execution. */
    void forget(Feed feed);

    /** Subscribes to many executions. {@return the id of the request} */
    String subscribe(Map<String, Object> scope, Map<String, Object> filter);

    void send(Command command);

    void ack(String executionId, Position position);

    /** Follows the changes of the inbox with a filter; null ends that. */
    void watch(@Nullable Map<String, Object> filter);
}
