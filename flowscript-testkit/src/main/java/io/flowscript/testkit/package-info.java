/**
 * Tools for tests of applications and adapters: an engine whose clock and threads the test controls ({@link
 * io.flowscript.testkit.TestFlows}), scripted people ({@link io.flowscript.testkit.PersonScript}), assertions ({@link
 * io.flowscript.testkit.FlowScriptAssertions}) and the grammar of events ({@link
 * io.flowscript.testkit.EventGrammar}).
 *
 * <p>Receives workflows and nodes from a test; returns executions, receipts and failures to it.
 */
@NullMarked
package io.flowscript.testkit;

import org.jspecify.annotations.NullMarked;
