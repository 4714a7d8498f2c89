package io.flowscript.spring.boot;

import io.flowscript.core.FlowScriptException;
import org.springframework.aot.AotDetector;

/**
 * The settings that choose beans. When an application is prepared ahead of time, they are read then, and not again when it starts. A setting that has another
 * value at the start is refused, since it would have no effect. Stateless.
 */
final class PreparedSettings {

    private PreparedSettings() {}

    /**
     * Refuses a value that is not the one for which a bean was chosen.
     *
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    static void require(boolean chosen, String name, Object value) {
        if (!chosen) {
            throw new FlowScriptException(
                    "invalid_setting",
                    name + " is \"" + value
                            + "\", and had another value when the application was prepared ahead of time;"
                            + " set it before that");
        }
    }

    /** {@return what else a bean needs that is not there, as the end of a sentence; empty when nothing was prepared} */
    static String hint() {
        return AotDetector.useGeneratedArtifacts()
                ? ", and the same setting when the application was prepared ahead of time"
                : "";
    }
}
