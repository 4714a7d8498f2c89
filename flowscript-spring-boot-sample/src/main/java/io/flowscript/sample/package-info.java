/**
 * A Spring Boot application that needs decisions of people. It receives nodes from its configuration and people from Spring Security, and hands both to the
 * starter.
 */
@NullMarked
package io.flowscript.sample;

import org.jspecify.annotations.NullMarked;
