package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import io.flowscript.events.links.AnswerLinks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sets the HTTP side up. A server's own builder extends it, so that all servers have the same settings. Not safe for use by several threads.
 *
 * @param <B> the builder
 * @since 0.1.0
 */
public abstract class HttpSettingsBuilder<B extends HttpSettingsBuilder<B>> {

    private static final Duration LONGEST_CLOSING = Duration.ofSeconds(9);

    private List<String> allowedOrigins = List.of();
    private List<String> allowedHosts = List.of();
    private Authenticator authenticator = Authenticator.ANONYMOUS;
    private @Nullable AnswerLinks answerLinks;
    private int maxBodyBytes = 1 << 20;
    private int requestsPerSecond = 100;
    private int maxEventRequests = 10_000;
    private int maxEventRequestsPerClient = 100;
    private Duration closingTime = Duration.ofSeconds(5);

    /** With the default settings. */
    protected HttpSettingsBuilder() {}

    /** {@return this} */
    protected abstract B self();

    /** {@return what was set} */
    protected final HttpSettings settings() {
        return new HttpSettings(
                new HttpSettings.Values(
                        allowedOrigins,
                        allowedHosts,
                        authenticator,
                        answerLinks,
                        maxBodyBytes,
                        requestsPerSecond,
                        maxEventRequests,
                        maxEventRequestsPerClient,
                        closingTime),
                null);
    }

    /**
     * Web pages of other origins that may use this server. Pages that come from it always may.
     *
     * @param origins each a scheme, a host and perhaps a port, such as {@code https://app.example.com}
     * @return this
     */
    public final B allowedOrigins(String... origins) {
        this.allowedOrigins = List.of(origins);
        return self();
    }

    /**
     * Names by which this server may be addressed, in the Host field, beside those of the loopback address ({@code localhost},
     * {@code 127.0.0.1}, {@code [::1]}) and the hosts of the {@link #allowedOrigins}; a request to another name is refused with 403. Without
     * any, this is checked only by a server that listens on the loopback address: otherwise a web page whose name is made to
     * lead to this machine (DNS rebinding) would pass as a page of this server. To be set behind a proxy that keeps the Host field.
     *
     * @param names each a name or an address, without a port
     * @return this
     */
    public final B allowedHosts(String... names) {
        this.allowedHosts = List.of(names);
        return self();
    }

    /**
     * Who says who a client is. By default everybody is {@link io.flowscript.core.Identity#ANONYMOUS}.
     *
     * @param authenticator asked for each WebSocket and each REST request
     * @return this
     */
    public final B authenticator(Authenticator authenticator) {
        this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
        return self();
    }

    /**
     * Lets people see and answer questions by links, at {@code /links/}, without saying who they are: the link says it. The access policy is asked
     * whether the person of the link may do it. Without this there is nothing at that path.
     *
     * @param links opens the links
     * @return this
     */
    public final B answerLinks(AnswerLinks links) {
        this.answerLinks = Objects.requireNonNull(links, "links");
        return self();
    }

    /**
     * The largest body of a REST request.
     *
     * @param bytes from 1; 1 MiB by default
     * @return this
     */
    public final B maxBodyBytes(int bytes) {
        check(bytes >= 1, "A body may have 1 byte or more, not " + bytes);
        this.maxBodyBytes = bytes;
        return self();
    }

    /**
     * How many REST requests are taken from one address.
     *
     * @param perSecond in the long run, from 1; 100 by default. Twice as many are taken at once.
     * @return this
     */
    public final B requestsPerSecond(int perSecond) {
        check(perSecond >= 1, "A rate is 1 per second or more, not " + perSecond);
        this.requestsPerSecond = perSecond;
        return self();
    }

    /**
     * How many requests for events may be open at once: streams of server-sent events, and long polls. One more is answered with 503. Each
     * counts as a connection of the bridge too.
     *
     * @param max from 0, which switches both off; 10,000 by default
     * @return this
     */
    public final B maxEventRequests(int max) {
        check(max >= 0, "0 requests for events or more can be open, not " + max);
        this.maxEventRequests = max;
        return self();
    }

    /**
     * How many of these one client may have: one identity, or one address where nobody says who it is. One more is answered with 429.
     *
     * @param max from 1; 100 by default
     * @return this
     */
    public final B maxEventRequestsPerClient(int max) {
        check(max >= 1, "A client may have 1 request for events or more, not " + max);
        this.maxEventRequestsPerClient = max;
        return self();
    }

    /**
     * How long a client that is sent away may take to go before it is cut off.
     *
     * @param time more than zero, at most 9 seconds; 5 seconds by default
     * @return this
     */
    public final B closingTime(Duration time) {
        check(
                !time.isNegative() && !time.isZero() && time.compareTo(LONGEST_CLOSING) <= 0,
                "A client may take more than zero and at most 9 seconds to go, not " + time);
        this.closingTime = time;
        return self();
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new FlowScriptException("invalid_setting", message);
        }
    }
}
