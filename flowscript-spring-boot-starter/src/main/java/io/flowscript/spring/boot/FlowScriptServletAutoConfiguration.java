package io.flowscript.spring.boot;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.EventRedactor;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.EventBridgeBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.http.Authenticator;
import io.flowscript.servlet.FlowScriptServlet;
import jakarta.servlet.Servlet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.util.unit.DataSize;

/**
 * Serves the clients of the engine in the container of the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = FlowScriptAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({Servlet.class, FlowScriptServlet.class})
@ConditionalOnBean(FlowScript.class)
@EnableConfigurationProperties(FlowScriptProperties.class)
public final class FlowScriptServletAutoConfiguration {

    /** The name of the bean that registers the servlet. */
    static final String REGISTRATION = "flowScriptServletRegistration";

    private static final Logger LOG = LoggerFactory.getLogger(FlowScriptServletAutoConfiguration.class);

    /** Makes the configuration. */
    public FlowScriptServletAutoConfiguration() {}

    /**
     * Makes the bridge, to which clients connect.
     *
     * @param flows the engine
     * @param properties the settings
     * @param policy what clients may do; by default, what is assigned to people is theirs alone
     * @param redactor hides data from clients; by default, nothing is hidden
     * @param limits the limits
     * @param customizers change the builder at the end
     * @return the bridge, which Spring closes before the engine
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    FlowScriptBridge flowScriptBridge(
            FlowScript flows,
            FlowScriptProperties properties,
            ObjectProvider<AccessPolicy> policy,
            ObjectProvider<EventRedactor> redactor,
            ObjectProvider<BridgeLimits> limits,
            ObjectProvider<FlowScriptBridgeCustomizer> customizers) {
        EventBridgeBuilder builder = FlowScriptBridge.builder(flows)
                .accessPolicy(policy.getIfAvailable(() -> AccessPolicy.ASSIGNED))
                .heartbeat(properties.transports().heartbeat());
        ifSet(properties.transports().stallTimeout(), builder::stallTimeout);
        redactor.ifAvailable(builder::redactor);
        limits.ifAvailable(builder::limits);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    /**
     * Makes the servlet.
     *
     * @param bridge the bridge
     * @param properties the settings
     * @param groups the groups of a client
     * @param authenticator takes the place of the principal of the container
     * @param links lets people answer by links
     * @param customizers change the builder at the end
     * @return the servlet
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    FlowScriptServlet flowScriptServlet(
            FlowScriptBridge bridge,
            FlowScriptProperties properties,
            ObjectProvider<ClientGroups> groups,
            ObjectProvider<Authenticator> authenticator,
            ObjectProvider<AnswerLinks> links,
            ObjectProvider<FlowScriptServletCustomizer> customizers) {
        FlowScriptServlet.Builder builder = FlowScriptServlet.builder(bridge);
        settings(builder, properties);
        groups.ifAvailable(all -> builder.groups(all::of));
        authenticator.ifAvailable(builder::authenticator);
        links.ifAvailable(builder::answerLinks);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    private static void settings(FlowScriptServlet.Builder builder, FlowScriptProperties properties) {
        FlowScriptProperties.Transports given = properties.transports();
        builder.closingTime(given.closingTime())
                .allowedOrigins(given.allowedOrigins().toArray(String[]::new))
                .allowedHosts(given.allowedHosts().toArray(String[]::new));
        DataSize maxBody = given.maxBody();
        if (maxBody != null) {
            builder.maxBodyBytes((int) Math.min(Integer.MAX_VALUE, maxBody.toBytes()));
        }
        ifSet(given.requestsPerSecond(), builder::requestsPerSecond);
        ifSet(given.handshakesPerSecond(), builder::handshakesPerSecond);
        ifSet(given.maxEventRequests(), builder::maxEventRequests);
        ifSet(given.maxEventRequestsPerClient(), builder::maxEventRequestsPerClient);
        ifSet(given.maxSessionAge(), builder::maxSessionAge);
        ifSet(given.maxWaitingThreads(), builder::maxWaitingThreads);
        if (given.compress()) {
            builder.compress();
        }
        if (properties.console()) {
            builder.console();
        } else if (properties.stats()) {
            builder.stats();
        }
    }

    private static <T> void ifSet(@Nullable T value, Consumer<T> setting) {
        if (value != null) {
            setting.accept(value);
        }
    }

    /**
     * Registers the servlet with the container, behind all filters of the application.
     *
     * @param servlet the servlet
     * @param properties the settings
     * @return the registration
     */
    @Bean
    @ConditionalOnMissingBean(name = REGISTRATION)
    ServletRegistrationBean<FlowScriptServlet> flowScriptServletRegistration(
            FlowScriptServlet servlet, FlowScriptProperties properties) {
        String path = checked(properties.path());
        ServletRegistrationBean<FlowScriptServlet> registration = new ServletRegistrationBean<>(servlet, path + "/*");
        registration.setName("flowscript");
        registration.setLoadOnStartup(1);
        LOG.info("FlowScript is served at {}/ below the context path", path);
        return registration;
    }

    private static String checked(String path) {
        if (!path.matches("(/[\\w.~-]+)+")) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "flowscript.path is \"" + path
                            + "\"; it begins with a slash, does not end with one, and has letters, digits, dots and hyphens, such as /flow");
        }
        return path;
    }

    /**
     * Says good-bye to clients before the container stops.
     *
     * @param servlet the servlet
     * @return the life of the servlet's clients
     */
    @Bean
    @ConditionalOnMissingBean
    ClientsLifecycle flowScriptClientsLifecycle(FlowScriptServlet servlet) {
        return new ClientsLifecycle(servlet);
    }
}
