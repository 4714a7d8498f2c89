package io.flowscript.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The jar of a build. */
final class Build {

    private static final String JAR = "checks/benchmarks/target/flowscript-benchmarks.jar";

    private Build() {}

    /**
     * Finds or makes a jar.
     *
     * @param what a jar, or a commit of the repository, which is built in a work tree that is gone afterwards
     * @param root the folder of the repository
     * @param scratch where the jar of a commit is put
     * @throws IOException if there is neither, or the build fails
     */
    static Path of(String what, Path root, Path scratch) throws IOException {
        if (what.endsWith(".jar")) {
            if (!Files.exists(root.resolve(what))) {
                throw new IOException("There is no file " + what);
            }
            return root.resolve(what).toAbsolutePath();
        }
        String commit = Commands.run(root, List.of("git", "rev-parse", "--verify", what + "^{commit}"))
                .strip();
        Path jar = scratch.resolve(commit + ".jar");
        if (Files.exists(jar)) {
            return jar;
        }
        System.out.printf(Locale.ROOT, "building %s%n", what);
        Path tree = scratch.resolve(commit);
        String unused = Commands.run(root, List.of("git", "worktree", "add", "--detach", tree.toString(), commit));
        try {
            unused = Commands.run(
                    tree,
                    List.of(
                            "mvn",
                            "-B",
                            "-q",
                            "-ntp",
                            "-Pquick",
                            "-Dmaven.test.skip",
                            "-pl",
                            "checks/benchmarks",
                            "-am",
                            "package"));
            Files.move(tree.resolve(JAR), jar);
        } finally {
            unused = Commands.run(root, List.of("git", "worktree", "remove", "--force", tree.toString()));
        }
        return jar;
    }
}
