package io.flowscript.servlet;

import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testkit.protocol.CheckedBridge;

/** An engine that has nothing to run, for tests of what is around it. */
final class IdleEngine implements AutoCloseable {

    final FlowScript flows = FlowScript.builder().build();
    final FlowScriptBridge bridge =
            CheckedBridge.of(FlowScriptBridge.builder(flows).build());

    @Override
    public void close() {
        bridge.close();
        flows.close();
    }
}
