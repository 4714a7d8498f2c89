/**
 * How immutable settings are copied and checked. Settings classes of core and of the modules around it keep their values here; what comes in is one
 * changed value, what goes out is a copy with that change. Not exported to applications.
 */
@NullMarked
package io.flowscript.core.settings;

import org.jspecify.annotations.NullMarked;
