/**
 * Golden files of the example workflows. Scripted runs are compared with them: in one engine, continued by another engine
 * at every wait, and as a client receives them. Receives scripts and golden files; reports differences.
 */
package io.flowscript.examples.golden;
