package io.flowscript.examples.proxies;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flowscript.testsupport.Programs;
import io.flowscript.testsupport.server.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A reverse proxy in a process of its own, with the configuration that the documentation shows, on other ports and with another certificate. */
final class ReverseProxy implements AutoCloseable {

    private static final Path CONFIGURATIONS = Path.of("..", "docs", "proxies");
    private static final String SERVER = "127.0.0.1:3013";

    private final Process process;
    private final int port;

    private ReverseProxy(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The proxies that the documentation shows. */
    enum Kind {
        NGINX("nginx", "nginx.conf") {
            @Override
            Process start(Path program, String shown, Path folder, int port, int server, TestCertificate certificate)
                    throws IOException {
                Path site = Files.writeString(
                        folder.resolve("site.conf"),
                        shown.replace(SERVER, "127.0.0.1:" + server)
                                .replace("listen 443 ssl", "listen 127.0.0.1:" + port + " ssl")
                                .replace("server_name example.com", "server_name localhost")
                                .replace(
                                        "/etc/ssl/example.com.pem",
                                        certificate.certificate().toString())
                                .replace(
                                        "/etc/ssl/example.com.key",
                                        certificate.key().toString()));
                StringBuilder main = new StringBuilder(
                        "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {}\nhttp {\naccess_log off;\n");
                for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
                    main.append(kind).append("_temp_path ").append(kind).append(";\n");
                }
                main.append("include ").append(site).append(";\n}\n");
                Path file = Files.writeString(folder.resolve("nginx.conf"), main);
                return run(
                        folder, program.toString(), "-p", folder.toString(), "-e", "error.log", "-c", file.toString());
            }
        },
        CADDY("caddy", "Caddyfile") {
            @Override
            Process start(Path program, String shown, Path folder, int port, int server, TestCertificate certificate)
                    throws IOException {
                String tls = "\tbind 127.0.0.1\n\ttls " + certificate.certificate() + " " + certificate.key() + "\n";
                Path file = Files.writeString(
                        folder.resolve("Caddyfile"),
                        "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"
                                + shown.replace(SERVER, "127.0.0.1:" + server)
                                        .replace("example.com {\n", "https://localhost:" + port + " {\n" + tls));
                return run(folder, program.toString(), "run", "--adapter", "caddyfile", "--config", file.toString());
            }
        };

        private final String program;
        private final String file;

        Kind(String program, String file) {
            this.program = program;
            this.file = file;
        }

        abstract Process start(
                Path program, String shown, Path folder, int port, int server, TestCertificate certificate)
                throws IOException;
    }

    /**
     * Starts a proxy and waits until it listens.
     *
     * @param kind which one; the test is skipped when it is not installed
     * @param folder where it keeps its files
     * @param server the port of the server on this machine
     * @param certificate the certificate that it shows
     * @return the proxy; close it
     */
    static ReverseProxy start(Kind kind, Path folder, int server, TestCertificate certificate) throws IOException {
        assumeTrue(
                Programs.find(kind.program).isPresent(), "This test needs " + kind.program + ", a package of Debian");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process process = kind.start(
                Programs.find(kind.program).orElseThrow(),
                Files.readString(CONFIGURATIONS.resolve(kind.file)),
                folder,
                port,
                server,
                certificate);
        ReverseProxy proxy = new ReverseProxy(process, port);
        try {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive() || proxy.listens());
            if (!process.isAlive()) {
                throw new AssertionError(
                        kind.program + " does not start:\n" + Files.readString(folder.resolve("proxy.log")));
            }
            return proxy;
        } catch (Throwable e) {
            proxy.close();
            throw e;
        }
    }

    private static Process run(Path folder, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("proxy.log").toFile());
        // Caddy keeps files in the folder of its user.
        for (String home : List.of("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")) {
            builder.environment().put(home, folder.toString());
        }
        return builder.start();
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("Interrupted", e));
        }
    }
}
