package io.flowscript.testkit.protocol;

import java.util.List;

/**
 * One case.
 *
 * @param file where it stands
 * @param section of docs/protocol.md that it is about
 * @param name what has to hold
 * @param steps what is done, and what has to come of it
 */
record ProtocolCase(String file, String section, String name, List<Step> steps) {}
