package dev.weft.e2e.process;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does independent things at the same time. */
public final class Parallel {
    private Parallel() {}

    /**
     * Runs all tasks, each on a thread of its own, and waits for all of them.
     *
     * @throws RuntimeException the first task's failure, after all tasks have ended
     */
    public static void run(Collection<? extends Runnable> tasks) {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            tasks.forEach(task -> running.add(executor.submit(task)));
            running.forEach(Parallel::join);
        }
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }
}
