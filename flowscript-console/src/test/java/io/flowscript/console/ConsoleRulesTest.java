package io.flowscript.console;

import io.flowscript.testsupport.NodeTests;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The parts of the console that need no page keep each rule")
class ConsoleRulesTest extends NodeTests {}
