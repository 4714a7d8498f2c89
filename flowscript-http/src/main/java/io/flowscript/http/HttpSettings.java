package io.flowscript.http;

import io.flowscript.events.links.AnswerLinks;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the HTTP side, the same for every adapter. Immutable.
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
     * The same for a server that listens by itself. It may be addressed by the name of that host too; and one that listens on the loopback address
     * may be addressed by no other name than those that are allowed.
     *
     * @param listensOn a name or an address of this machine
     * @return the settings for it
     */
    public HttpSettings listeningOn(String listensOn) {
        return new HttpSettings(values, listensOn);
    }

    /**
     * Who is let in, after a look at whether that is wise.
     *
     * @param permitsEverything whether everybody may do everything then
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when others than those on this machine would be believed who they say they are
     */
    RequestGuard guard(boolean permitsEverything) {
        if (host != null) {
            ExposureCheck.check(host, values.authenticator(), permitsEverything);
        }
        OriginPolicy origins = new OriginPolicy(values.allowedOrigins());
        List<String> names = names();
        HostPolicy hosts = names.isEmpty()
                ? HostPolicy.any()
                : HostPolicy.loopbackAnd(
                        Stream.concat(names.stream(), origins.hosts().stream()).toList());
        return new RequestGuard(hosts, origins, values.authenticator());
    }

    /** By which names it may be addressed; empty for all. */
    private List<String> names() {
        List<String> allowed = values.allowedHosts();
        return host != null && (!allowed.isEmpty() || HostPolicy.isLoopback(host))
                ? Stream.concat(Stream.of(host), allowed.stream()).toList()
                : allowed;
    }

    RequestQuota quota() {
        return new RequestQuota(values.maxEventRequests(), values.maxEventRequestsPerClient());
    }

    @Nullable
    AnswerLinks answerLinks() {
        return values.answerLinks();
    }

    int maxBodyBytes() {
        return values.maxBodyBytes();
    }

    int requestsPerSecond() {
        return values.requestsPerSecond();
    }

    /** {@return how long a client that is sent away may take to go before it is cut off} */
    public Duration closingTime() {
        return values.closingTime();
    }

    /** What was set. */
    record Values(
            List<String> allowedOrigins,
            List<String> allowedHosts,
            Authenticator authenticator,
            @Nullable AnswerLinks answerLinks,
            int maxBodyBytes,
            int requestsPerSecond,
            int maxEventRequests,
            int maxEventRequestsPerClient,
            Duration closingTime) {}

    /** Makes settings. Not safe for use by several threads. */
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
