package dev.weft.e2e.lab;

import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;

/**
 * A lab's name for the time of one command: whatever stands under it is taken down before, after, and when the command is
 * interrupted in the middle.
 */
public final class TemporaryLab implements AutoCloseable {
    private final LabName name;
    private final CacheRoot cache;
    private final Progress progress;
    private final boolean keep;
    private final Thread hook;

    private TemporaryLab(LabName name, CacheRoot cache, Progress progress, boolean keep) {
        this.name = name;
        this.cache = cache;
        this.progress = progress;
        this.keep = keep;
        this.hook = new Thread(this::interrupted, "take " + name + " down");
    }

    /** @param keep leave the lab standing, for a look at what failed */
    public static TemporaryLab begin(LabName name, CacheRoot cache, Progress progress, boolean keep) {
        Lab.down(name, cache, progress);
        TemporaryLab lab = new TemporaryLab(name, cache, progress, keep);
        if (!keep) {
            Runtime.getRuntime().addShutdownHook(lab.hook);
        }
        return lab;
    }

    private void interrupted() {
        progress.step("interrupted");
        // Twice: the command itself may still be making parts of it.
        Lab.down(name, cache, progress);
        Lab.down(name, cache, progress);
    }

    @Override
    public void close() {
        if (keep) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the hook is at work
        }
        Lab.down(name, cache, progress);
    }
}
