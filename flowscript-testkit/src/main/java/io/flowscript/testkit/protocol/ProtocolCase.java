package io.flowscript.testkit.protocol;

import java.util.List;

/**
 * One case.
 *
 * @param file the file that contains it
 * @param section the section of docs/protocol.md that it tests
 * @param name what must hold
 * @param steps the actions and the expectations
 */
record ProtocolCase(String file, String section, String name, List<Step> steps) {}
