/** Tests of the client: by itself with a manual clock, against a real server, and behind a faulty network. */
@NullMarked
package io.flowscript.client;

import org.jspecify.annotations.NullMarked;
