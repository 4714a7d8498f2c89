package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.events.links.AnswerLinks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the HTTP interface, the same for every adapter. Immutable.
 *
 * @since 0.1.0
 */
public final class HttpSettings {

    private final Values values;
    private final @Nullable String host;

    HttpSettings(Values values, @Nullable String host) {
        this.values = values;
        this.host = host;
    }

    /** {@return a builder with the default settings} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns these settings for a server that listens on an address of its own. Requests may then use that host name
     * too. When the address is the loopback address, requests with a host name that is not allowed are refused (see
     * {@link HttpSettingsBuilder#allowedHosts}).
     *
     * @param listensOn the host name or address that the server listens on
     * @return the settings for that server
     */
    public HttpSettings listeningOn(String listensOn) {
        return new HttpSettings(values, listensOn);
    }

    /**
     * Creates the check that every request passes first.
     *
     * @param permitsEverything whether the access policy permits everything to everybody
     * @param clock tells which logins have expired
     * @param failed counts the logins that fail
     * @param tickets opens WebSockets by tickets; null for none
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when clients on other machines
     *     would be trusted without a check of their identity
     */
    RequestGuard guard(boolean permitsEverything, InstantSource clock, FailedLogins failed, @Nullable Tickets tickets) {
        if (host != null) {
            ExposureCheck.check(host, values.authenticator(), permitsEverything);
        }
        OriginPolicy origins = new OriginPolicy(values.allowedOrigins());
        List<String> names = names();
        HostPolicy hosts = names.isEmpty()
                ? HostPolicy.any()
                : HostPolicy.loopbackAnd(
                        Stream.concat(names.stream(), origins.hosts().stream()).toList());
        return new RequestGuard(hosts, origins, values.authenticator(), values.maxSessionAge(), clock, failed, tickets);
    }

    /** The allowed host names; empty when every name is allowed. */
    private List<String> names() {
        List<String> allowed = values.allowedHosts();
        return host != null && (!allowed.isEmpty() || HostPolicy.isLoopback(host))
                ? Stream.concat(Stream.of(host), allowed.stream()).toList()
                : allowed;
    }

    TrustedProxies trustedProxies() {
        return new TrustedProxies(values.trustedProxies());
    }

    /** How long a ticket counts; null when there are no tickets. */
    @Nullable
    Duration ticketTime() {
        return values.ticketTime();
    }

    RequestQuota quota() {
        return new RequestQuota(values.maxEventRequests());
    }

    /** The client whose requests for events count together: an identity, or the address of anonymous ones. */
    RequestQuota.Client client(Identity who, String address) {
        return who.equals(Identity.ANONYMOUS)
                ? new RequestQuota.Client("@" + address, values.maxEventRequestsPerAddress())
                : new RequestQuota.Client(who.name(), values.maxEventRequestsPerClient());
    }

    @Nullable
    AnswerLinks answerLinks() {
        return values.answerLinks();
    }

    List<WebAssets> assets() {
        return values.assets();
    }

    /** What leads to the console; empty when it is not served. */
    Optional<ConsoleEntrance> console() {
        return values.console() ? Optional.of(new ConsoleEntrance(host != null)) : Optional.empty();
    }

    /** Whether the figures of the server are shown to those who may see them. */
    boolean stats() {
        return values.stats() || values.console();
    }

    /** What writes the metrics of the application; null when they are not shown. */
    @Nullable
    Supplier<String> metrics() {
        return values.metrics();
    }

    /** Whether clients are believed without a check. */
    boolean isDevelopment() {
        return values.authenticator() instanceof DevelopmentAuthenticator;
    }

    /** {@return how long a client may take to send the head of a request, and how long for its body} */
    public Duration requestTimeout() {
        return values.requestTimeout();
    }

    int maxBodyBytes() {
        return values.maxBodyBytes();
    }

    long maxInboundBytes() {
        return values.maxInboundBytes();
    }

    int failedLoginsPerSecond() {
        return values.failedLoginsPerSecond();
    }

    int handshakesPerSecond() {
        return values.handshakesPerSecond();
    }

    int requestsPerSecond() {
        return values.requestsPerSecond();
    }

    /** {@return how long a client may take to disconnect after it was asked to, before the connection is cut} */
    public Duration closingTime() {
        return values.closingTime();
    }

    /** The values of the settings. */
    record Values(
            List<String> allowedOrigins,
            List<String> allowedHosts,
            List<String> trustedProxies,
            Authenticator authenticator,
            Duration maxSessionAge,
            @Nullable Duration ticketTime,
            @Nullable AnswerLinks answerLinks,
            List<WebAssets> assets,
            boolean console,
            boolean stats,
            @Nullable Supplier<String> metrics,
            int maxBodyBytes,
            long maxInboundBytes,
            Duration requestTimeout,
            int requestsPerSecond,
            int failedLoginsPerSecond,
            int handshakesPerSecond,
            int maxEventRequests,
            int maxEventRequestsPerClient,
            int maxEventRequestsPerAddress,
            Duration closingTime) {}

    /** Builds settings. Not safe for use by several threads. */
    public static final class Builder extends HttpSettingsBuilder<Builder> {

        private Builder() {}

        /** {@return the settings} */
        public HttpSettings build() {
            return settings();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
