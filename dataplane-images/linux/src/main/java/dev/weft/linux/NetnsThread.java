package dev.weft.linux;

import org.jspecify.annotations.Nullable;

/** The thread of {@link Netns#call}: enters a namespace (old or new), does one thing, ends. */
final class NetnsThread<T, E extends Exception> implements Runnable {
    private final Runnable entry;
    private final Netns.Body<T, E> body;
    private @Nullable T result;
    private @Nullable Throwable failure;

    private NetnsThread(Runnable entry, Netns.Body<T, E> body) {
        this.entry = entry;
        this.body = body;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the body throws only E or unchecked; T may itself be nullable
    static <T, E extends Exception> T run(Runnable entry, Netns.Body<T, E> body) throws E {
        NetnsThread<T, E> task = new NetnsThread<>(entry, body);
        Thread thread = Thread.ofPlatform().name("netns").daemon().unstarted(task);
        thread.start();
        join(thread);
        switch (task.failure) {
            case null -> {
                return task.result;
            }
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            case Throwable checked -> throw (E) checked;
        }
    }

    @Override
    public void run() {
        try {
            entry.run();
            result = body.run();
        } catch (Throwable e) {
            failure = e;
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
