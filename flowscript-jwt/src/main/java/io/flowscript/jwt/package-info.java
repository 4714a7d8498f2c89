/**
 * Signed tokens (JWT) as logins. Requests come in through {@link io.flowscript.http.Authenticator}, and keys from the identity provider
 * over HTTP; logins with an identity and an end go out.
 */
@NullMarked
package io.flowscript.jwt;

import org.jspecify.annotations.NullMarked;
