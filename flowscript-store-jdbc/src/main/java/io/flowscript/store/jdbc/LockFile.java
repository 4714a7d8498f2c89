package io.flowscript.store.jdbc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock on a file, which the operating system ends together with the process. The file is empty and stays.
 *
 * <p>On POSIX systems, closing any channel of a file ends all locks that the process has on it. So a file that is locked
 * by this process is not opened a second time.
 */
final class LockFile implements AutoCloseable {

    /** The files that stores of this process have locked. */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    /** Channels of files that code of another class loader has locked: closing one would end that lock. */
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final Path file;
    private final FileChannel channel;

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Locks a file.
     *
     * @param file the file, by its real path; created when it does not exist
     * @param database what is named in messages
     * @return the lock
     * @throws io.flowscript.core.FlowScriptException with code {@code store_in_use} when it is locked already, or
     *     {@code store_failed} when it cannot be opened
     */
    static LockFile lock(Path file, String database) {
        if (!LOCKED.add(file)) {
            throw StoreErrors.inUse(database);
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw StoreErrors.inUse(database);
            }
            locked = true;
            return new LockFile(file, channel);
        } catch (OverlappingFileLockException e) {
            NEVER_CLOSED.add(channel);
            channel = null;
            throw StoreErrors.inUse(database);
        } catch (IOException e) {
            throw StoreErrors.failed("The file " + file + " cannot be locked", e);
        } finally {
            if (!locked) {
                LOCKED.remove(file);
                close(channel);
            }
        }
    }

    @Override
    public void close() {
        close(channel);
        LOCKED.remove(file);
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }
}
