/** Tests of the console: its files as a server sends them, and its page in a browser. */
@NullMarked
package io.flowscript.console;

import org.jspecify.annotations.NullMarked;
