package io.flowscript.spring.boot.test;

import io.flowscript.core.testing.ManualClock;
import io.flowscript.spring.boot.FlowScriptCustomizer;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Gives the engine of an application a manual clock, and threads for which it waits: time passes only while no node works. A test of another kind than {@link
 * FlowScriptTest} imports it with {@code @Import(ManualTime.class)}.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public class ManualTime {

    private static final Duration LONGEST_WORK = Duration.ofSeconds(10);

    /** Makes the configuration. */
    public ManualTime() {}

    /**
     * Makes the clock.
     *
     * @param threads what it waits for
     * @return a clock that goes on only when the test says so
     */
    @Bean
    ManualClock flowScriptManualClock(TestThreads threads) {
        return new ManualClock(ManualClock.START, threads::awaitRest);
    }

    /**
     * Makes the threads of the engine.
     *
     * @return the threads, which Spring closes after the engine
     */
    @Bean(destroyMethod = "close")
    TestThreads flowScriptTestThreads() {
        return new TestThreads(LONGEST_WORK);
    }

    /**
     * Gives the threads to the engine.
     *
     * @param threads the threads
     * @return sets the executors
     */
    @Bean
    FlowScriptCustomizer flowScriptTestThreadsCustomizer(TestThreads threads) {
        return builder -> builder.executor(threads::execute).engineExecutor(threads::execute);
    }
}
