/** Tests of the JavaScript client: alone in Node.js, against a real server, and in a browser. */
@NullMarked
package io.flowscript.js;

import org.jspecify.annotations.NullMarked;
