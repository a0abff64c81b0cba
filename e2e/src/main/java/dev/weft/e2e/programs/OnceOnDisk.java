package dev.weft.e2e.programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** Makes files that are slow to make once, however many threads and processes ask for them. */
public final class OnceOnDisk {
    // A file lock is held by the whole process and does not keep its other threads out.
    private static final ReentrantLock THREADS = new ReentrantLock();

    private OnceOnDisk() {}

    /**
     * Makes a file or folder unless it is there.
     *
     * @param result what the recipe makes; it has to appear at once and whole
     * @return the result
     * @throws UncheckedIOException if the recipe fails
     */
    public static Path make(Path result, Recipe recipe) {
        if (Files.exists(result)) {
            return result;
        }
        THREADS.lock();
        try {
            Path folder = Files.createDirectories(result.resolveSibling("."));
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("." + result.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    var processes = channel.lock()) {
                if (!Files.exists(result) && processes.isValid()) {
                    recipe.make();
                }
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + result, e);
        } finally {
            THREADS.unlock();
        }
    }

    /** Makes a file or folder. */
    @FunctionalInterface
    public interface Recipe {
        void make() throws IOException;
    }
}
