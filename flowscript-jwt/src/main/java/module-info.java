/** Clients that are known by the signed token of an identity provider. */
@SuppressWarnings("requires-automatic") // the library has no module descriptor
module io.flowscript.jwt {
    requires transitive io.flowscript.http;
    requires java.net.http;
    requires nimbus.jose.jwt;
    requires static org.jspecify;

    exports io.flowscript.jwt;
}
