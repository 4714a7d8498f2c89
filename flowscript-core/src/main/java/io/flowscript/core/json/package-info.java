/**
 * JSON values as plain immutable Java values, paths to places in them, and typed access.
 *
 * <p>A value is null, a Boolean, a String, a Number (Integer, Long, BigInteger, Double or BigDecimal), a Map with String
 * keys, or a List. {@link io.flowscript.core.json.Json#freeze} makes an immutable ("frozen") value from a plain Java value. A
 * frozen value is never copied: a snapshot of it is a reference to it.
 *
 * <p>Plain Java values come in from all packages, and frozen values go out to them. This package uses none of them, except for
 * the superclass of exceptions.
 */
@NullMarked
package io.flowscript.core.json;

import org.jspecify.annotations.NullMarked;
