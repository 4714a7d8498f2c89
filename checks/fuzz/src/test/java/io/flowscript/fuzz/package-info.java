/** What the fuzz tests of all packages share. */
@NullMarked
package io.flowscript.fuzz;

import org.jspecify.annotations.NullMarked;
