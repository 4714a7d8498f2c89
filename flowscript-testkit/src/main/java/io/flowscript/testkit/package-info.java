/** What tests of applications and of adapters are made of. */
@NullMarked
package io.flowscript.testkit;

import org.jspecify.annotations.NullMarked;
