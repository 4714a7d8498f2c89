/** Servers behind nginx and Caddy, with the configurations that the documentation shows. */
package io.flowscript.examples.proxies;
