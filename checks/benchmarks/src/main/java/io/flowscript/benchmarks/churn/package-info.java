/**
 * Everything that comes and goes at once, for a long time: clients of each transport, executions, answers, cuts and restarts. It shows that nothing is
 * left behind. The settings come in from the command line, and figures go out to the console.
 */
package io.flowscript.benchmarks.churn;
