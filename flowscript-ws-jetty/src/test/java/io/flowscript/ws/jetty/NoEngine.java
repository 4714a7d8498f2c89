package io.flowscript.ws.jetty;

import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.testing.ManualClock;
import java.lang.reflect.Proxy;

/** An engine that is not asked for anything but the time. */
final class NoEngine {

    private NoEngine() {}

    static FlowScript create() {
        ManualClock clock = new ManualClock();
        return (FlowScript) Proxy.newProxyInstance(
                NoEngine.class.getClassLoader(), new Class<?>[] {FlowScript.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("clock")) {
                        return clock;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
