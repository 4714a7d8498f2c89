package io.flowscript.spring.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/**
 * Starts the application for a test of its workflows: with its nodes and other beans, without a web server, with executions in memory, and with a {@link
 * io.flowscript.core.testing.ManualClock}, which the test injects and advances.
 *
 * <pre>{@code
 * @FlowScriptTest
 * class ExpenseTest {
 *     @Autowired FlowScript flows;
 *     @Autowired ManualClock clock;
 * }
 * }</pre>
 *
 * <p>The clock stops at each moment at which something is due, and goes on when no node and no listener works any more. So a test need not wait before it
 * advances the clock. The clock waits for 10 seconds at most, and then throws an AssertionError. It does not wait for a node that returned a stage, as those of
 * {@link io.flowscript.core.runtime.Node#async} do, nor for a store that writes.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE, properties = "flowscript.store=memory")
@Import(ManualTime.class)
public @interface FlowScriptTest {}
