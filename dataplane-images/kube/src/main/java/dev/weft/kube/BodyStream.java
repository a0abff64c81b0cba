package dev.weft.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A response body as a stream whose reads time out, which the JDK client's own has not: a watch over a connection that
 * died without a word would stay silent for ever. At most one batch of buffers waits, so a body of any size passes
 * through a few kilobytes.
 */
final class BodyStream extends InputStream implements BodySubscriber<BodyStream> {
    private sealed interface Signal {
        record Data(List<ByteBuffer> buffers) implements Signal {}

        record End() implements Signal {}

        record Failed(Throwable cause) implements Signal {}
    }

    private final Duration readTimeout;
    private final Consumer<BodyStream> onClose;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private Iterator<ByteBuffer> batch = List.<ByteBuffer>of().iterator();
    private ByteBuffer current = ByteBuffer.allocate(0);
    private boolean ended;
    private Flow.@Nullable Subscription subscription;
    private boolean closed;

    BodyStream(Duration readTimeout) {
        this(readTimeout, stream -> {});
    }

    /** @param onClose is given the stream when it is closed, by whichever thread, perhaps more than once */
    BodyStream(Duration readTimeout, Consumer<BodyStream> onClose) {
        this.readTimeout = readTimeout;
        this.onClose = onClose;
    }

    @Override
    public CompletionStage<BodyStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        boolean late;
        synchronized (signals) {
            late = closed;
            subscription = given;
        }
        if (late) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal.Data(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal.Failed(failure));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.End());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * Returns what has come, waiting only while nothing has.
     *
     * @throws SocketTimeoutException if nothing came for the read time-out
     * @throws InterruptedIOException if the thread was interrupted; its interrupt flag stays set
     */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!current.hasRemaining()) {
            if (batch.hasNext()) {
                current = batch.next();
            } else if (!next()) {
                return -1;
            }
        }
        int n = Math.min(length, current.remaining());
        current.get(into, offset, n);
        return n;
    }

    private boolean next() throws IOException {
        if (ended) {
            return false;
        }
        switch (await()) {
            case Signal.Data data -> {
                batch = data.buffers().iterator();
                synchronized (signals) {
                    if (subscription != null) {
                        subscription.request(1);
                    }
                }
                return true;
            }
            case Signal.End end -> {
                ended = true;
                return false;
            }
            case Signal.Failed failed -> {
                ended = true;
                throw new IOException("connection broke: " + failed.cause().getMessage(), failed.cause());
            }
        }
    }

    private Signal await() throws IOException {
        try {
            Signal signal = signals.poll(readTimeout.toNanos(), TimeUnit.NANOSECONDS);
            if (signal == null) {
                throw new SocketTimeoutException("nothing came for " + readTimeout.toSeconds() + " s");
            }
            return signal;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** Ends the response; the connection is closed unless the body was read to its end. May be called by any thread. */
    @Override
    public void close() {
        onClose.accept(this);
        Flow.Subscription toCancel;
        synchronized (signals) {
            closed = true;
            toCancel = subscription;
        }
        if (toCancel != null) {
            toCancel.cancel();
        }
        signals.add(new Signal.Failed(new IOException("closed")));
    }
}
