package io.flowscript.spring.boot;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;

/**
 * Tells the groups of the person who sends a request. A bean of this type takes the place of the one that reads the authorities of Spring Security.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClientGroups {

    /**
     * Returns the groups of a person who has logged in.
     *
     * @param request a request that has a principal; called by a thread of the container
     * @return the names of the groups, at most 1,000
     */
    Collection<String> of(HttpServletRequest request);
}
