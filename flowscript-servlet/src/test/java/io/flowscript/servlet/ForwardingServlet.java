package io.flowscript.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Forwards what is below {@code /short} to {@code /flow}. */
final class ForwardingServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    static void addTo(ServletContext context) {
        ServletRegistration.Dynamic servlet = context.addServlet("forwarding", new ForwardingServlet());
        servlet.setAsyncSupported(true);
        servlet.addMapping("/short/*");
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        request.getRequestDispatcher("/flow" + request.getPathInfo()).forward(request, response);
    }
}
