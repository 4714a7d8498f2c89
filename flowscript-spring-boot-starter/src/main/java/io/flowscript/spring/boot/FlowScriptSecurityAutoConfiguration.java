package io.flowscript.spring.boot;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;

/**
 * Makes clients of those who have logged in with Spring Security.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = FlowScriptServletAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "flowscript.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Authentication.class)
public final class FlowScriptSecurityAutoConfiguration {

    /** Makes the configuration. */
    public FlowScriptSecurityAutoConfiguration() {}

    /**
     * Tells the groups of a client: its authorities.
     *
     * @return the groups
     */
    @Bean
    @ConditionalOnMissingBean
    ClientGroups flowScriptClientGroups() {
        return AuthorityGroups::of;
    }

    /** Adapts the filter chains, where the servlet is and nowhere else. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HttpSecurity.class)
    @ConditionalOnBean(name = FlowScriptServletAutoConfiguration.REGISTRATION)
    @ConditionalOnBooleanProperty(name = "flowscript.adapt-security", matchIfMissing = true)
    @EnableConfigurationProperties(FlowScriptProperties.class)
    static class FilterChains {

        @Bean
        @ConditionalOnMissingBean(name = "flowScriptSecurity")
        Customizer<HttpSecurity> flowScriptSecurity(
                @Qualifier(FlowScriptServletAutoConfiguration.REGISTRATION) ServletRegistrationBean<?> registration,
                FlowScriptProperties properties) {
            PreparedSettings.require(properties.adaptSecurity(), "flowscript.adapt-security", false);
            return new ClientSecurity(registration.getUrlMappings());
        }
    }
}
