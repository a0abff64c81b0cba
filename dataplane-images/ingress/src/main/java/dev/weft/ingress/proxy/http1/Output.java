package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.Bytes;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * What is written to a connection. Heads and small pieces go into one buffer, so that a small answer is one buffer and one
 * write; large pieces are passed on as they came.
 */
final class Output implements Loop.Flushable {
    /** To copy more costs more than a second piece in the same system call. */
    private static final int COPIED = 2048;

    private static final int ROOM = 512;

    private enum AtEnd {
        NOTHING,
        CLOSE,
        SHUTDOWN
    }

    private final Channel channel;
    private final Loop loop;
    private @Nullable ByteBuf small;
    private boolean dirty;
    private AtEnd atEnd = AtEnd.NOTHING;

    Output(Channel channel, Loop loop) {
        this.channel = channel;
        this.loop = loop;
    }

    /** @param follows bytes that are expected to follow soon */
    void put(Bytes bytes, long follows) {
        int extra = follows > 0 && follows <= COPIED ? (int) follows : ROOM;
        room(bytes.length(), extra);
        ByteBuf to = small;
        if (to != null) {
            bytes.writeTo(to);
        }
    }

    void put(byte[] bytes) {
        room(bytes.length, ROOM);
        ByteBuf to = small;
        if (to != null) {
            to.writeBytes(bytes);
        }
    }

    /** Takes over the reference. */
    void put(ByteBuf data) {
        int n = data.readableBytes();
        ByteBuf to = small;
        if (n <= COPIED && to != null && to.writableBytes() >= n) {
            to.writeBytes(data);
            data.release();
            markDirty();
            return;
        }
        writeSmall();
        channel.write(data, channel.voidPromise());
        markDirty();
    }

    @Override
    public void flushNow() {
        dirty = false;
        writeSmall();
        if (atEnd == AtEnd.NOTHING) {
            channel.flush();
            return;
        }
        boolean half = atEnd == AtEnd.SHUTDOWN;
        atEnd = AtEnd.NOTHING;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (half && done.isSuccess() && shutdown()) {
                return;
            }
            channel.close();
        });
    }

    /** Ends our side only, the TLS connection included. */
    private boolean shutdown() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
            return true;
        }
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
            return true;
        }
        return false;
    }

    /** Ends the connection when all is sent. */
    void closeAfter() {
        atEnd = AtEnd.CLOSE;
        markDirty();
    }

    /** Tells the other side that nothing follows when all is sent. */
    void shutdownAfter() {
        atEnd = AtEnd.SHUTDOWN;
        markDirty();
    }

    void discard() {
        ByteBuf left = small;
        small = null;
        if (left != null) {
            left.release();
        }
    }

    private void room(int n, int extra) {
        ByteBuf now = small;
        if (now == null || now.writableBytes() < n) {
            writeSmall();
            small = channel.alloc().directBuffer(n + extra);
        }
        markDirty();
    }

    private void writeSmall() {
        ByteBuf full = small;
        small = null;
        if (full != null) {
            channel.write(full, channel.voidPromise());
        }
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.dirty(this);
        }
    }
}
