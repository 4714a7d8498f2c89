/**
 * What the tests of several servers use: clients on bare sockets, and contracts that every server keeps. Receives a server from the tests, and says what
 * became of it. Never published. Tests hand in null on purpose.
 */
@NullUnmarked
package io.flowscript.testsupport.server;

import org.jspecify.annotations.NullUnmarked;
