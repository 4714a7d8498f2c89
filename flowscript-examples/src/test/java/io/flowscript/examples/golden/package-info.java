/**
 * What every workflow tells, written down: scripted runs, whose events are compared with files, again after a stop at every wait, and as a client
 * sees them.
 */
package io.flowscript.examples.golden;
