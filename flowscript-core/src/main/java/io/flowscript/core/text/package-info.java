/**
 * Small functions on text: similar names, printable strings, JSON text, JSON Pointers and random ids. Not exported to
 * applications.
 *
 * <p>Strings and frozen JSON values come in from other packages; strings go out to them. This package uses only
 * {@link io.flowscript.core.json}.
 */
@NullMarked
package io.flowscript.core.text;

import org.jspecify.annotations.NullMarked;
