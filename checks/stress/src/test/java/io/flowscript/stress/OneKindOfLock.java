package io.flowscript.stress;

import java.util.SortedSet;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.vm.VMSupport;

/**
 * Starts jcstress without the runs for biased locks. jcstress plays each test with and without them, and has no option
 * that says otherwise; JDK 15 does not use them unless asked, and JDK 18 has none.
 */
final class OneKindOfLock extends JCStress {

    private OneKindOfLock(Options options) {
        super(options);
    }

    /** Takes the arguments of jcstress. */
    public static void main(String[] arguments) throws Exception {
        Options options = new Options(arguments);
        if (!options.parse()) {
            System.exit(1);
        }
        new OneKindOfLock(options).run();
    }

    /** jcstress asks for the tests as soon as it knows what the JVM can do. */
    @Override
    public SortedSet<String> getTests() {
        VMSupport.getAvailableVMConfigs().removeIf(config -> config.origArgs().contains("-XX:+UseBiasedLocking"));
        return super.getTests();
    }
}
