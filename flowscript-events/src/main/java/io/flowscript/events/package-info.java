/** Between the core and the transports: JSON in and out, the client protocol, delivery, people. */
@NullMarked
package io.flowscript.events;

import org.jspecify.annotations.NullMarked;
