/**
 * Tests of an application's workflows. It receives the application's own configuration, and hands an engine to the test whose time the test decides.
 */
@NullMarked
package io.flowscript.spring.boot.test;

import org.jspecify.annotations.NullMarked;
