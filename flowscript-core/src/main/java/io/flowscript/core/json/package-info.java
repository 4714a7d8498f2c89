/**
 * What data is: JSON values as plain, immutable Java values, paths into them, and typed access.
 *
 * <p>A value is null, a Boolean, a String, a Number (Integer, Long, BigInteger, Double or BigDecimal), a Map with String
 * keys or a List. {@link io.flowscript.core.json.Json#freeze} takes what an application hands in and makes it immutable, once; from
 * then on a snapshot is a reference.
 *
 * <p>Receives plain Java values from every room; hands frozen ones out to every room. Knows none of them.
 */
@NullMarked
package io.flowscript.core.json;

import org.jspecify.annotations.NullMarked;
