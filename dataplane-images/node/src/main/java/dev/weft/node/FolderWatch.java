package dev.weft.node;

import dev.weft.agent.Log;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tells when one of some files may have changed (inotify(7)). It can miss a change, as when a folder is replaced: who
 * needs to be sure also looks now and then.
 */
final class FolderWatch implements AutoCloseable {
    private static final Log LOG = Log.of("files");

    private final WatchService service;
    private final Set<String> names;
    private final Consumer<String> changed;
    private final Thread thread;

    private FolderWatch(WatchService service, Set<Path> files, Consumer<String> changed) {
        this.service = service;
        this.names = files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        this.changed = changed;
        this.thread = Thread.ofPlatform().daemon().name("files").unstarted(this::run);
    }

    /**
     * Watches from now on, on a thread of its own. Folders that do not exist are made.
     *
     * @param changed told the name of the file
     * @throws IOException if a folder cannot be made or watched
     */
    static FolderWatch start(Set<Path> files, Consumer<String> changed) throws IOException {
        WatchService service = FileSystems.getDefault().newWatchService();
        try {
            for (Path folder : files.stream().map(Path::getParent).collect(Collectors.toSet())) {
                Files.createDirectories(folder);
                folder.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_DELETE,
                        StandardWatchEventKinds.ENTRY_MODIFY);
            }
        } catch (IOException e) {
            service.close();
            throw e;
        }
        FolderWatch watch = new FolderWatch(service, files, changed);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                for (WatchEvent<?> event : key.pollEvents()) {
                    String name = String.valueOf(event.context()); // null on overflow
                    if (names.contains(name) || StandardWatchEventKinds.OVERFLOW.equals(event.kind())) {
                        changed.accept(name);
                    }
                }
                if (!key.reset()) {
                    changed.accept(String.valueOf(key.watchable()));
                }
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("watch ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOG.warn("watch of files not closed", e);
        }
    }
}
