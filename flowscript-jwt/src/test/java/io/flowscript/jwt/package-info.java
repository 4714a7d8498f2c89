/** Tests of tokens, each made and signed here, with keys from a server on the loopback interface. */
package io.flowscript.jwt;
