/** Clients that are known by the signed token of an identity provider. */
module io.flowscript.jwt {
    requires transitive io.flowscript.http;
    requires com.nimbusds.jose.jwt;
    requires java.net.http;
    requires static org.jspecify;

    exports io.flowscript.jwt;
}
