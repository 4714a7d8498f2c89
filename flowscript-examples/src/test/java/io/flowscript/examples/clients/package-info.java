/** Clients written in JavaScript, in Node.js and in a browser, against the demo server. */
package io.flowscript.examples.clients;
