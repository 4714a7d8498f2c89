/** The demo application and the runnable examples. */
@NullMarked
package io.flowscript.examples;

import org.jspecify.annotations.NullMarked;
