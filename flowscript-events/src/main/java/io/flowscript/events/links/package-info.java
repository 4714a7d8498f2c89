/**
 * Links with which a person can view and answer one interaction without logging in.
 *
 * <p>Receives links and answers from applications and transports; hands the answers to the engine.
 */
@NullMarked
package io.flowscript.events.links;

import org.jspecify.annotations.NullMarked;
