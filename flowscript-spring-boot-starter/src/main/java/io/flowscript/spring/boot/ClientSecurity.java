package io.flowscript.spring.boot;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Adapts a filter chain to the clients of FlowScript.
 *
 * <ul>
 *   <li>The filter against forged requests leaves them out: they carry no token of a page. FlowScript itself refuses what a page of a foreign origin sends.
 *   <li>A program that has not logged in gets 401, where a person in a browser gets the page for the login.
 * </ul>
 */
final class ClientSecurity implements Customizer<HttpSecurity> {

    private final RequestMatcher clients;

    /** Adapts it below the mappings of the servlet, such as {@code /flow/*}. */
    ClientSecurity(Collection<String> mappings) {
        this.clients = new OrRequestMatcher(mappings.stream()
                .map(mapping -> PathPatternRequestMatcher.withDefaults()
                        .matcher(mapping.endsWith("/*") ? mapping + "*" : mapping))
                .toArray(RequestMatcher[]::new));
    }

    @Override
    public void customize(HttpSecurity http) {
        http.csrf(csrf -> csrf.ignoringRequestMatchers(clients));
        http.exceptionHandling(errors -> errors.defaultAuthenticationEntryPointFor(
                new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED),
                request -> clients.matches(request) && !wantsPage(request)));
    }

    private static boolean wantsPage(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.toLowerCase(Locale.ROOT).contains(MediaType.TEXT_HTML_VALUE);
    }
}
