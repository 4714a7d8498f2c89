/**
 * Crashes, and checks that nobody can tell. Schedules kill an engine at every commit of a workflow and go on with what its store
 * has kept ({@link io.flowscript.testkit.crash.CrashSchedules}). A check compares what subscribers, people and nodes have observed
 * with what is stored at the end ({@link io.flowscript.testkit.crash.HistoryCheck}).
 *
 * <p>Receives from the author of a store how it is opened and killed ({@link io.flowscript.testkit.crash.CrashSubject}); runs
 * engines on it, and reports to the test which rules of a history do not hold. The author's own tests, such as those that kill a
 * process, use the same workflows and the same check.
 */
@NullMarked
package io.flowscript.testkit.crash;

import org.jspecify.annotations.NullMarked;
