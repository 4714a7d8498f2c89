/**
 * Helpers of immutable settings classes: they copy the values of settings and check ranges. Not exported to applications.
 *
 * <p>A changed value comes in from a settings class of core or of another module; a copy with that change goes out to it.
 */
@NullMarked
package io.flowscript.core.settings;

import org.jspecify.annotations.NullMarked;
