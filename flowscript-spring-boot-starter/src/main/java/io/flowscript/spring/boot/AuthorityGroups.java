package io.flowscript.spring.boot;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** Makes groups of the authorities of Spring Security. Stateless. */
final class AuthorityGroups {

    private static final String ROLE = "ROLE_";

    private AuthorityGroups() {}

    /** {@return the names of roles without their prefix, and the other authorities as they are} */
    static Collection<String> of(HttpServletRequest request) {
        if (!(request.getUserPrincipal() instanceof Authentication known)) {
            return List.of();
        }
        Set<String> groups = new LinkedHashSet<>();
        for (GrantedAuthority authority : known.getAuthorities()) {
            String name = authority.getAuthority();
            if (name != null) {
                groups.add(name.startsWith(ROLE) ? name.substring(ROLE.length()) : name);
            }
        }
        return groups;
    }
}
