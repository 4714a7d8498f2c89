package io.flowscript.js;

import io.flowscript.testsupport.NodeTests;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The JavaScript client keeps each rule, on a manual clock and scripted connections")
class ClientRulesTest extends NodeTests {}
