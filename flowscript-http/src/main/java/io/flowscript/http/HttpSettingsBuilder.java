package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import io.flowscript.events.links.AnswerLinks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builder of the HTTP settings. The builder of a server extends it, so that all servers have the same settings. Not
 * safe for use by several threads.
 *
 * @param <B> the type of the concrete builder, which every setting returns
 * @since 0.1.0
 */
public abstract class HttpSettingsBuilder<B extends HttpSettingsBuilder<B>> {

    private static final Duration LONGEST_TICKET = Duration.ofMinutes(5);
    private static final Duration LONGEST_SESSION = Duration.ofDays(365);
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(10);
    private static final Duration LONGEST_CLOSING = Duration.ofSeconds(9);

    private List<String> allowedOrigins = List.of();
    private List<String> allowedHosts = List.of();
    private List<String> trustedProxies = List.of();
    private Authenticator authenticator = Authenticator.ANONYMOUS;
    private @Nullable Duration ticketTime;
    private Duration maxSessionAge = Duration.ofHours(12);
    private @Nullable AnswerLinks answerLinks;
    private final List<WebAssets> assets = new ArrayList<>();
    private boolean console;
    private boolean stats;
    private @Nullable Supplier<String> metrics;
    private int maxBodyBytes = 1 << 20;
    private long maxInboundBytes = Math.max(8L << 20, Runtime.getRuntime().maxMemory() / 16);
    private Duration requestTimeout = Duration.ofSeconds(30);
    private int requestsPerSecond = 100;
    private int failedLoginsPerSecond = 10;
    private int handshakesPerSecond = 200;
    private int maxEventRequests = 10_000;
    private int maxEventRequestsPerClient = 100;
    private int maxEventRequestsPerAddress = 1_000;
    private Duration closingTime = Duration.ofSeconds(5);

    /** Starts with the default settings. */
    protected HttpSettingsBuilder() {}

    /** {@return this} */
    protected abstract B self();

    /** {@return the settings} */
    protected final HttpSettings settings() {
        return new HttpSettings(
                new HttpSettings.Values(
                        allowedOrigins,
                        allowedHosts,
                        trustedProxies,
                        authenticator,
                        maxSessionAge,
                        ticketTime,
                        answerLinks,
                        List.copyOf(assets),
                        console,
                        stats,
                        metrics,
                        maxBodyBytes,
                        maxInboundBytes,
                        requestTimeout,
                        requestsPerSecond,
                        failedLoginsPerSecond,
                        handshakesPerSecond,
                        maxEventRequests,
                        maxEventRequestsPerClient,
                        maxEventRequestsPerAddress,
                        closingTime),
                null);
    }

    /**
     * Allows web pages of other origins to use this server. Pages from this server's own origin are always allowed. None by default.
     *
     * @param origins the origins, each with a scheme, a host and optionally a port, such as {@code https://app.example.com}
     * @return this
     */
    public final B allowedOrigins(String... origins) {
        this.allowedOrigins = List.of(origins);
        return self();
    }

    /**
     * Restricts the names that requests may use in the Host field. A request with another name is refused with 403. The
     * names of the loopback address ({@code localhost}, {@code 127.0.0.1}, {@code [::1]}) and the hosts of the {@link
     * #allowedOrigins} are always allowed. When this is not set, only a server that listens on the loopback address
     * checks the name; this protects it against DNS rebinding, where an attacker's host name resolves to this machine.
     * Set the public names here when the server runs behind a proxy that keeps the Host field.
     *
     * @param names host names or addresses, without a port
     * @return this
     */
    public final B allowedHosts(String... names) {
        this.allowedHosts = List.of(names);
        return self();
    }

    /**
     * Names the proxies through which clients reach this server. A request that one of them forwards counts for the address that it says in
     * {@code X-Forwarded-For}, and as one over TLS when it says {@code https} in {@code X-Forwarded-Proto}. Without this setting, all clients
     * behind a proxy share its address and the limits of that address, and pages of your own origin are taken for foreign ones when
     * the proxy ends TLS. The proxy must keep the Host field. These fields of all other requests are ignored, since any client can write them. None by
     * default. A servlet container has settings of its own for this.
     *
     * @param addresses IP addresses or ranges, such as {@code 192.0.2.1} or {@code 10.0.0.0/8}
     * @return this
     * @throws FlowScriptException with code {@code invalid_setting} when one of them is neither an address nor a range
     */
    public final B trustedProxies(String... addresses) {
        List.of(addresses).forEach(AddressRange::of);
        this.trustedProxies = List.of(addresses);
        return self();
    }

    /**
     * Sets how clients are identified. By default every client is {@link io.flowscript.core.Identity#ANONYMOUS}.
     *
     * @param authenticator called for each WebSocket, each REST request and each request for events
     * @return this
     */
    public B authenticator(Authenticator authenticator) {
        this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
        return self();
    }

    /**
     * Sets how long a WebSocket or a stream of events may stay open on one login, also when the login does not expire or expires later.
     * After that the client logs in anew, and loses no event. So a person who has lost the right to log in is not connected for ever.
     * Clients that are {@link io.flowscript.core.bridge.Login#ANONYMOUS} are not affected.
     *
     * @param age more than zero, at most 365 days; 12 hours by default, so that nobody is interrupted within a working day
     * @return this
     */
    public final B maxSessionAge(Duration age) {
        check(
                !age.isNegative() && !age.isZero() && age.compareTo(LONGEST_SESSION) <= 0,
                "A login may count for more than zero and at most 365 days, not " + age);
        this.maxSessionAge = age;
        return self();
    }

    /**
     * Lets a client open a WebSocket with a ticket, for pages in browsers that can send their login with requests, but not with a WebSocket:
     * {@code POST /tickets} gives it, and {@code /ws?ticket=} takes it, once. Off by default, when that path gets 404: cookies and the
     * {@linkplain ClientRequest#bearerToken subprotocol} do without, and several servers behind one address do not know each other's tickets.
     *
     * @param time how long a ticket counts, more than zero, at most 5 minutes; 30 seconds are usual
     * @return this
     */
    public final B tickets(Duration time) {
        check(
                !time.isNegative() && !time.isZero() && time.compareTo(LONGEST_TICKET) <= 0,
                "A ticket may count for more than zero and at most 5 minutes, not " + time);
        this.ticketTime = time;
        return self();
    }

    /**
     * Lets people view and answer interactions through links at {@code /links/}. They do not log in, because the link
     * identifies the person. The access policy still decides whether that person may view or answer. Without this
     * setting, requests to that path get 404.
     *
     * @param links verifies and opens the links
     * @return this
     */
    public final B answerLinks(AnswerLinks links) {
        this.answerLinks = Objects.requireNonNull(links, "links");
        return self();
    }

    /**
     * Sends files to browsers, at the path {@code /NAME/}, where the name is that of the assets. Everybody may read them. Called
     * again with assets of another name, it adds those. None by default; a server without REST sends none. This serves the JavaScript client:
     *
     * <pre>{@code
     * builder.assets(WebAssets.fromClassPath(WebAssets.CLIENT)) // with the dependency flowscript-js
     * }</pre>
     *
     * @param files the files
     * @return this
     * @throws FlowScriptException with code {@code invalid_setting} when there are assets of this name already
     */
    public final B assets(WebAssets files) {
        check(
                assets.stream().noneMatch(other -> other.name().equals(files.name())),
                "There are assets at the path /" + files.name() + " already");
        assets.add(files);
        return self();
    }

    /**
     * Serves the console at {@code /console/}: a web page for people who run workflows and answer them. On a server that listens on an
     * address of its own, {@code /} leads there too. Everybody may read the files of the page; what the page shows is what the
     * access policy lets its reader see. It also switches {@link #stats} on. The dependency {@code flowscript-console} has the files.
     *
     * @return this
     * @throws FlowScriptException with code {@code invalid_setting} when the dependency is missing, or when there are assets named
     *     {@link WebAssets#CONSOLE} already
     */
    public final B console() {
        assets(WebAssets.console());
        console = true;
        return self();
    }

    /**
     * Answers {@code GET /stats} with the figures of the server, for monitoring: how many executions, questions and connections there are, how
     * far clients are behind, and the memory. The access policy decides who may see them ({@link
     * io.flowscript.core.bridge.AccessPolicy.Action#OBSERVE}). Off by default, when that path gets 404; the {@link #console} switches it on.
     *
     * @return this
     */
    public final B stats() {
        stats = true;
        return self();
    }

    /**
     * Answers {@code GET /metrics} with the metrics of the application in the text format of Prometheus. The access policy decides who
     * may see them ({@link io.flowscript.core.bridge.AccessPolicy.Action#OBSERVE}). Off by default, when that path gets 404.
     *
     * <pre>{@code
     * builder.metrics(registry::scrape) // with a PrometheusMeterRegistry
     * }</pre>
     *
     * @param scrape writes all metrics, in version 0.0.4 of the format; called at most once a second, on a thread of the server; it should take no longer than reading the store does
     * @return this
     */
    public final B metrics(Supplier<String> scrape) {
        this.metrics = Objects.requireNonNull(scrape, "scrape");
        return self();
    }

    /**
     * Sets the maximum size of the body of a REST request. A larger body is refused with 413.
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
     * Sets the limit of the memory for all WebSocket messages and bodies of REST requests that have arrived in part. Beyond it, the largest
     * ones are given up: a WebSocket is closed with 1013, and a request is refused with 503 and the code {@code memory_limit}. Clients
     * with small messages are not affected.
     *
     * @param bytes from 1; by default a sixteenth of the maximum heap, at least 8 MiB
     * @return this
     */
    public final B maxInboundBytes(long bytes) {
        check(bytes >= 1, "All unfinished messages together may have 1 byte or more, not " + bytes);
        this.maxInboundBytes = bytes;
        return self();
    }

    /**
     * Sets how long a client may take to send the head of a request, and how long to send its body. A body that takes longer is refused with
     * 408. A connection whose next head takes longer is closed; this holds for a server of its own, while an application's own
     * Jetty and a servlet container have settings of their own for it. Without a limit, clients that send a byte now and then could hold
     * connections for hours.
     *
     * @param time from one millisecond to 10 minutes; 30 seconds by default
     * @return this
     */
    public final B requestTimeout(Duration time) {
        check(
                time.compareTo(Duration.ofMillis(1)) >= 0 && time.compareTo(LONGEST_REQUEST) <= 0,
                "A request may take from 1 millisecond to 10 minutes, not " + time);
        this.requestTimeout = time;
        return self();
    }

    /**
     * Sets how many logins from one address may fail per second on average, so that nobody can try out tokens. A login fails when the
     * {@link Authenticator} does not know the sender. Bursts of up to twice that number are accepted. Beyond it, requests
     * from that address are refused with 429 before anybody asks who sends them. All addresses of an IPv6 network (/64) count as one.
     *
     * @param perSecond from 1; 10 by default
     * @return this
     */
    public final B failedLoginsPerSecond(int perSecond) {
        check(perSecond >= 1, "A rate is 1 per second or more, not " + perSecond);
        this.failedLoginsPerSecond = perSecond;
        return self();
    }

    /**
     * Sets how many WebSockets one address may open per second on average, whoever does. All addresses of an IPv6 network (/64) count as one. Bursts of up to
     * twice that number are accepted, as when all people of an office come back after a restart. Beyond it, a handshake is refused with 429 before anybody asks who
     * sends it.
     *
     * @param perSecond from 1; 200 by default
     * @return this
     */
    public final B handshakesPerSecond(int perSecond) {
        check(perSecond >= 1, "A rate is 1 per second or more, not " + perSecond);
        this.handshakesPerSecond = perSecond;
        return self();
    }

    /**
     * Sets how many REST requests one address may send per second on average. All addresses of an IPv6 network (/64) count as one. Bursts of up to twice that number are
     * accepted. Requests beyond it are refused with 429. The files of pages are not counted.
     *
     * @param perSecond from 1; 100 by default
     * @return this
     */
    public final B requestsPerSecond(int perSecond) {
        check(perSecond >= 1, "A rate is 1 per second or more, not " + perSecond);
        this.requestsPerSecond = perSecond;
        return self();
    }

    /**
     * Sets how many requests for events may be open at once: streams of server-sent events and long polls. Further
     * requests are refused with 503. Each open request also counts as a connection of the bridge.
     *
     * @param max from 0, which disables both; 10,000 by default
     * @return this
     */
    public final B maxEventRequests(int max) {
        check(max >= 0, "0 requests for events or more can be open, not " + max);
        this.maxEventRequests = max;
        return self();
    }

    /**
     * Sets how many requests for events one identity may have open at once. Beyond that, the newest takes the place of
     * the oldest, whose client is told so.
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
     * Sets how many requests for events all anonymous clients of one address may have open at once. Beyond that, the
     * newest takes the place of the oldest, whose client is told so. Clients behind one proxy share an address, unless
     * the server knows the address of each from the proxy.
     *
     * @param max from 1; 1,000 by default
     * @return this
     */
    public final B maxEventRequestsPerAddress(int max) {
        check(max >= 1, "An address may have 1 request for events or more, not " + max);
        this.maxEventRequestsPerAddress = max;
        return self();
    }

    /**
     * Sets how long a client may take to disconnect after the server asked it to. After that the connection is cut.
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
