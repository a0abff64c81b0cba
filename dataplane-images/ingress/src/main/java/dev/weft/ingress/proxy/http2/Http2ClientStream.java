package dev.weft.ingress.proxy.http2;

import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.Call;
import dev.weft.ingress.proxy.http.CallListener;
import dev.weft.ingress.proxy.http.CallListener.Broken;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** A request to a backend on a connection of HTTP/2. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails ends the connection, and is heard of there.
final class Http2ClientStream implements Call, OpenStreams.Member {
    private final Http2Client client;
    private final Loop loop;
    private final ResponseHead response = new ResponseHead();
    private final boolean hasBody;
    private @Nullable CallListener listener;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Http2Stream stream;
    private @Nullable Inbox inbox;
    private @Nullable ByteBuf held;
    private @Nullable Fields trailers;
    private boolean requestDone;
    private boolean headSeen;
    private boolean received;
    private boolean paused;
    private boolean refused;

    Http2ClientStream(Http2Client client, Loop loop, CallListener listener, RequestHead head) {
        this.client = client;
        this.loop = loop;
        this.listener = listener;
        this.hasBody = head.hasBody();
        this.requestDone = !head.hasBody();
    }

    void opened(ChannelHandlerContext ctx, Http2Stream of) {
        context = ctx;
        stream = of;
        inbox = new Inbox(client.connection().local().flowController(), of);
    }

    /** Nothing of it was sent. */
    void refused() {
        broken(Broken.REFUSED);
    }

    @Override
    public void body(ByteBuf data) {
        if (listener == null || stream == null || requestDone) {
            data.release();
            return;
        }
        boolean first = held == null;
        writeHeld();
        held = data;
        if (first) {
            client.streams().hold(this);
        }
    }

    @Override
    public void writeHeld() {
        ByteBuf data = held;
        held = null;
        write(data, false);
    }

    private void write(@Nullable ByteBuf data, boolean end) {
        ChannelHandlerContext ctx = context;
        Http2Stream to = stream;
        if (ctx == null || to == null) {
            if (data != null) {
                data.release();
            }
            return;
        }
        if (data != null || end) {
            client.encoder()
                    .writeData(ctx, to.id(), data == null ? Unpooled.EMPTY_BUFFER : data, 0, end, ctx.newPromise());
        }
    }

    @Override
    public void end(@Nullable Fields last) {
        ChannelHandlerContext ctx = context;
        Http2Stream to = stream;
        if (requestDone || !hasBody || ctx == null || to == null || listener == null) {
            return;
        }
        requestDone = true;
        if (last == null) {
            ByteBuf data = held;
            held = null;
            write(data, true);
        } else {
            writeHeld();
            client.encoder().writeHeaders(ctx, to.id(), Http2Fields.of(last), 0, true, ctx.newPromise());
        }
        client.streams().dirty();
    }

    @Override
    public boolean isWritable() {
        Http2Stream to = stream;
        return to == null || client.encoder().flowController().isWritable(to);
    }

    @Override
    public void writable() {
        CallListener hears = listener;
        if (hears != null) {
            hears.onWritable();
        }
    }

    void headers(Http2Headers headers, boolean end) {
        CallListener hears = listener;
        if (hears == null) {
            return;
        }
        try {
            if (headSeen) {
                trailers = Http2Fields.trailers(headers);
                received = true;
                deliver();
                return;
            }
            Http2Fields.response(headers, response);
        } catch (BadMessage e) {
            reset(Http2Error.PROTOCOL_ERROR);
            broken(Broken.MALFORMED);
            return;
        }
        if (response.status() < 200) {
            if (response.status() == 101 || end) {
                reset(Http2Error.PROTOCOL_ERROR);
                broken(Broken.MALFORMED);
            } else if (response.status() != 100) {
                hears.onInterim(response);
            }
            return;
        }
        headSeen = true;
        received = end;
        if (end) {
            over();
            hears.onHead(response, true);
        } else {
            hears.onHead(response, false);
        }
    }

    /** The answer is complete: nothing more is heard, and a request that is not is given up. */
    private void over() {
        listener = null;
        if (!requestDone) {
            reset(Http2Error.NO_ERROR);
        }
    }

    int data(ByteBuf data, int padding, boolean end) {
        Inbox box = inbox;
        int n = data.readableBytes();
        received |= end;
        if (box == null || listener == null) {
            return n + padding;
        }
        if (n > 0) {
            box.put(data.retain(), n);
        }
        deliver();
        return padding;
    }

    private void deliver() {
        Inbox box = inbox;
        CallListener hears = listener;
        while (box != null && hears != null && !paused && !box.isEmpty()) {
            hears.onBody(box.take());
            hears = listener;
        }
        if (box != null && hears != null && received && box.isEmpty()) {
            over();
            hears.onEnd(trailers);
        }
        client.streams().dirty();
    }

    @Override
    public void read(boolean on) {
        boolean resumed = on && paused;
        paused = !on;
        if (resumed) {
            loop.eventLoop().execute(this::deliver);
        }
    }

    @Override
    public void cancel() {
        if (listener != null) {
            listener = null;
            reset(Http2Error.CANCEL);
        }
        drop();
    }

    private void reset(Http2Error error) {
        ChannelHandlerContext ctx = context;
        Http2Stream of = stream;
        if (ctx != null && of != null) {
            client.resetStream(ctx, of.id(), error.code(), ctx.newPromise());
            client.streams().dirty();
        }
    }

    /** The backend gave it up. */
    void reset(long code) {
        refused = code == Http2Error.REFUSED_STREAM.code();
    }

    /** @param unknown whether the backend said that it has not seen it */
    void closed(boolean unknown) {
        if (received && headSeen && inbox != null && !inbox.isEmpty() && listener != null) {
            // Complete, but the client is slow.
            return;
        }
        broken(unknown || (refused && !headSeen) ? Broken.REFUSED : Broken.CLOSED);
        drop();
    }

    private void broken(Broken why) {
        CallListener hears = listener;
        listener = null;
        if (hears != null) {
            hears.onBroken(why);
        }
    }

    private void drop() {
        ByteBuf data = held;
        held = null;
        if (data != null) {
            data.release();
        }
        Inbox box = inbox;
        if (box != null) {
            box.discard();
        }
    }
}
