package io.flowscript.engine;

/** Watches one commit. */
@FunctionalInterface
interface CommitWatch {

    /** Watches nothing. */
    CommitWatch NONE = stored -> {};

    /** The store has taken the commit, or refused it. Called once, with no lock held. Does not throw. */
    void done(boolean stored);
}
