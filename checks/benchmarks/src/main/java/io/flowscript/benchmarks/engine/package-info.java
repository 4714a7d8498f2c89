/**
 * What an engine does alone, without a store and without clients: steps and executions a second, very many deadlines at once, very many
 * cancellations, and its start. The settings come in from the command line, and figures go out to the console.
 */
package io.flowscript.benchmarks.engine;
