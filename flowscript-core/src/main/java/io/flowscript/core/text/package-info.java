/**
 * Text for people: names that are close to one another, strings that are safe to print, values written as JSON, ids that cannot be guessed. Not
 * exported to applications.
 *
 * <p>Receives strings and frozen values from every room; hands bounded strings out. Knows none of them.
 */
@NullMarked
package io.flowscript.core.text;

import org.jspecify.annotations.NullMarked;
