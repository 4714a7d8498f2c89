package io.flowscript.spring.boot.test;

import io.flowscript.core.testing.ManualClock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Gives the engine of an application a manual clock. A test of another kind than {@link FlowScriptTest} imports it with {@code @Import(ManualTime.class)}.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public class ManualTime {

    /** Makes the configuration. */
    public ManualTime() {}

    /**
     * Makes the clock.
     *
     * @return a clock that goes on only when the test says so
     */
    @Bean
    public ManualClock flowScriptManualClock() {
        return new ManualClock();
    }
}
