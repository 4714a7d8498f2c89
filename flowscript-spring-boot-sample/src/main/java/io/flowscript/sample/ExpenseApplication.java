package io.flowscript.sample;

import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Employees ask for money in the console, and managers approve it there. */
@SpringBootApplication(proxyBeanMethods = false)
public class ExpenseApplication {

    private static final String EMPLOYEE = "employee";
    private static final String MANAGER = "manager";

    /** Made by Spring. */
    public ExpenseApplication() {}

    /**
     * Starts the application at port 8080.
     *
     * @param arguments settings, such as {@code --server.port=8081}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(ExpenseApplication.class, arguments);
    }

    /** A node: asks the managers. */
    @Bean
    NamedNode approve() {
        return Node.named("approve")
                .edges("approved", "rejected")
                .ask(context -> Question.form(form(
                                context.state().get("item").asString(),
                                String.valueOf(context.state().get("price").raw())))
                        .candidates(MANAGER))
                .answered((context, answer) -> Edge.of(answer.get("approved").asBoolean() ? "approved" : "rejected"));
    }

    private static Map<String, Object> form(String item, String price) {
        return Map.of(
                "title",
                item + " for " + price + " euros",
                "type",
                "object",
                "properties",
                Map.of("approved", Map.of("type", "boolean", "title", "Approved")),
                "required",
                List.of("approved"));
    }

    /** What people may do: employees start, managers see the figures and cancel, and only those who are asked answer. */
    @Bean
    AccessPolicy policy() {
        return new ExpensePolicy();
    }

    /** The people, with passwords that are no secret. */
    @Bean
    UserDetailsService people() {
        return new InMemoryUserDetailsManager(person("ann", EMPLOYEE), person("max", MANAGER));
    }

    private static UserDetails person(String name, String role) {
        return User.withUsername(name).password("{noop}flow").roles(role).build();
    }
}
