/**
 * Runs the workflows of a Spring Boot application, and serves them behind its login. It receives nodes, workflows, a data source and the person who has logged
 * in from Spring. It hands an engine, its bridge and its servlet to the application. What the application defines itself is not made here.
 */
@NullMarked
package io.flowscript.spring.boot;

import org.jspecify.annotations.NullMarked;
