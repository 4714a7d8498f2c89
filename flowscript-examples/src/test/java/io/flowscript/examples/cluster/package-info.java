/** Several servers on one database, as clients of the protocol see them. */
package io.flowscript.examples.cluster;
