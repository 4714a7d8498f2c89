/**
 * What tests of applications and of adapters are made of: an engine whose time and threads are the test's ({@link io.flowscript.testkit.TestFlows}),
 * people who do as they are told ({@link io.flowscript.testkit.PersonScript}), assertions
 * ({@link io.flowscript.testkit.FlowScriptAssertions}) and the grammar of events ({@link io.flowscript.testkit.EventGrammar}).
 *
 * <p>Receives workflows and nodes from a test; hands executions, receipts and what went wrong back to it.
 */
@NullMarked
package io.flowscript.testkit;

import org.jspecify.annotations.NullMarked;
