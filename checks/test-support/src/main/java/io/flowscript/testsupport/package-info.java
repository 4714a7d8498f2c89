/**
 * What tests of several modules use: how far a model checker looks, what was logged, scripts in Node.js, and exceptions that keep to no rule. It knows nothing of
 * FlowScript.
 */
@NullMarked
package io.flowscript.testsupport;

import org.jspecify.annotations.NullMarked;
