package io.flowscript.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.security.Principal;
import java.util.EnumSet;
import java.util.List;

/**
 * Believes a request who sends it, as a filter for security finds it out: {@code X-User: ann}, {@code X-Roles: clerk,boss}. With {@code X-Later} it finds
 * it out later, and has the container go on then. With {@code X-Broken} it fails the response.
 */
final class LoginFilter implements Filter {

    static void addTo(ServletContext context) {
        FilterRegistration.Dynamic filter = context.addFilter("login", new LoginFilter());
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        if (http.getHeader("X-Later") != null && request.getDispatcherType() == DispatcherType.REQUEST) {
            request.startAsync().dispatch();
            return;
        }
        String user = http.getHeader("X-User");
        chain.doFilter(
                user == null ? request : new Known(http, user),
                http.getHeader("X-Broken") == null ? response : new Broken((HttpServletResponse) response));
    }

    private static final class Broken extends HttpServletResponseWrapper {

        Broken(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setHeader(String name, String value) {
            throw new IllegalStateException("the filter is broken");
        }
    }

    private static final class Known extends HttpServletRequestWrapper {

        private final String user;

        Known(HttpServletRequest request, String user) {
            super(request);
            this.user = user;
        }

        @Override
        public Principal getUserPrincipal() {
            return () -> user;
        }

        @Override
        public boolean isUserInRole(String role) {
            String roles = getHeader("X-Roles");
            return roles != null && List.of(roles.split(",", -1)).contains(role);
        }
    }
}
