package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said of servers that others can reach. */
class ExposureCheckTest {

    @Test
    @DisplayName("it is said once when everybody who can reach a server may do everything")
    void warnsOfAnOpenServer() {
        Authenticator own = request -> Optional.empty();
        assertThat(warnings("0.0.0.0", Authenticator.ANONYMOUS, true))
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("0.0.0.0", "EVERYONE", "authenticator"));
        assertThat(warnings("192.0.2.1", Authenticator.ANONYMOUS, true)).hasSize(1);
        assertThat(warnings("127.0.0.1", Authenticator.ANONYMOUS, true)).isEmpty();
        assertThat(warnings("::1", Authenticator.ANONYMOUS, true)).isEmpty();
        assertThat(warnings("0.0.0.0", own, true)).isEmpty();
        assertThat(warnings("0.0.0.0", Authenticator.ANONYMOUS, false)).isEmpty();
    }

    private static List<String> warnings(String host, Authenticator authenticator, boolean permitsEverything) {
        List<String> said = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                said.add(logged.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(HttpApi.class.getName());
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            ExposureCheck.check(host, authenticator, permitsEverything);
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        return said;
    }
}
