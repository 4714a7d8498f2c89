/** Tests of the demo application. */
package io.flowscript.examples.server;
