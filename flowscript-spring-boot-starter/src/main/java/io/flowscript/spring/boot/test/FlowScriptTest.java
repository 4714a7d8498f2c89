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
 * <p>Nodes run on threads of their own. A test advances the clock to a moment, such as a deadline, and waits for what happens then before it
 * advances further: a node that works while the time goes on is out of time.
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
