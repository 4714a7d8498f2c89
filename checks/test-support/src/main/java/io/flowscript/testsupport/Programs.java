package io.flowscript.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of the machine that some tests need. */
public final class Programs {

    /** Where servers are installed, which is not on everybody's PATH. */
    private static final String SERVERS = "/usr/sbin";

    private Programs() {}

    /**
     * Finds a program on the PATH.
     *
     * @param names its names; the first one that is found counts
     * @return the program
     */
    public static Optional<Path> find(String... names) {
        return Stream.concat(
                        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        Stream.of(SERVERS))
                .flatMap(folder -> Arrays.stream(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Skips the test where something is missing; on CI that is a failure.
     *
     * @param there whether it is there
     * @param what what is needed, for people
     */
    public static void require(boolean there, String what) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).describedAs("CI needs " + what).isTrue();
        }
        assumeTrue(there, "This test needs " + what);
    }
}
