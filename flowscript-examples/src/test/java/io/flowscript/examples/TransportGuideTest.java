package io.flowscript.examples;

import org.junit.jupiter.api.Test;

/** The guide shows the test of the example transport. */
class TransportGuideTest {

    @Test
    void theGuideShowsTheTestOfTheExample() throws Exception {
        Class<?> shown = Class.forName("io.flowscript.examples.transport.LineTransportContractTest");
        for (String block : new DocExamples("docs/guide-transport.md").blocks("java")) {
            DocExamples.assertIsIn(shown, block);
        }
    }
}
