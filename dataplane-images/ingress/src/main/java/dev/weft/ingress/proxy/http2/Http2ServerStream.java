package dev.weft.ingress.proxy.http2;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.ClientSide;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.http.BadMessage;
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

/** A client's request on a connection of HTTP/2. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails ends the connection, and is heard of there.
final class Http2ServerStream implements ClientSide, OpenStreams.Member {
    private final Http2Server server;
    private final ChannelHandlerContext context;
    private final Loop loop;
    private final Http2Stream stream;
    private final int id;
    private final Inbox inbox;
    private final RequestHead request;
    private @Nullable Exchange exchange;
    private @Nullable ByteBuf held;
    private @Nullable Fields trailers;
    private boolean reading;
    private boolean received;
    private boolean ended;
    private boolean answered;
    private boolean over;
    private boolean continueSent;

    /** @param request takes the head */
    Http2ServerStream(
            Http2Server server, ChannelHandlerContext context, Loop loop, Http2Stream stream, RequestHead request) {
        this.server = server;
        this.context = context;
        this.loop = loop;
        this.stream = stream;
        this.request = request.clear();
        this.id = stream.id();
        this.inbox = new Inbox(server.connection().local().flowController(), stream);
    }

    RequestHead request() {
        return request;
    }

    void exchange(Exchange of) {
        exchange = of;
    }

    void begin(boolean end) {
        Exchange to = exchange;
        if (to == null) {
            return;
        }
        received = end;
        if (end) {
            ended = true;
            to.onRequestEnd(null);
        }
        to.begin();
    }

    void refuse(BadMessage bad, boolean end) {
        received = end;
        Exchange to = exchange;
        if (to != null) {
            to.refuse(Answers.head(bad.status()), bad.getMessage());
        }
    }

    /** @return bytes that may be sent anew at once */
    int data(ByteBuf data, int padding, boolean end) {
        received |= end;
        int n = data.readableBytes();
        if (over || exchange == null) {
            return n + padding;
        }
        if (n > 0) {
            inbox.put(data.retain(), n);
        }
        deliver();
        return padding;
    }

    void trailers(Http2Headers headers) {
        received = true;
        try {
            trailers = Http2Fields.trailers(headers);
        } catch (BadMessage e) {
            server.resetStream(context, id, Http2Error.PROTOCOL_ERROR.code(), context.newPromise());
            server.streams().dirty();
            return;
        }
        deliver();
    }

    private void deliver() {
        Exchange to = exchange;
        while (reading && !inbox.isEmpty() && to != null) {
            to.onRequestBody(inbox.take());
            to = exchange;
        }
        if (received && inbox.isEmpty() && !ended && to != null) {
            ended = true;
            to.onRequestEnd(trailers);
        }
        server.streams().dirty();
    }

    @Override
    public void read(boolean on) {
        if (on && request.expectsContinue() && !continueSent && !answered) {
            continueSent = true;
            interim(Answers.head(100));
        }
        boolean resumed = on && !reading;
        reading = on;
        if (resumed && (!inbox.isEmpty() || (received && !ended))) {
            loop.eventLoop().execute(this::deliver);
        }
    }

    @Override
    public void interim(ResponseHead head) {
        if (!over) {
            server.encoder().writeHeaders(context, id, Http2Fields.of(head), 0, false, context.newPromise());
            server.streams().dirty();
        }
    }

    @Override
    public void respond(ResponseHead head, boolean end) {
        if (over) {
            return;
        }
        answered = true;
        server.encoder().writeHeaders(context, id, Http2Fields.of(head), 0, end, context.newPromise());
        server.streams().dirty();
        if (end) {
            finished();
        }
    }

    @Override
    public void body(ByteBuf data) {
        if (over) {
            data.release();
            return;
        }
        boolean first = held == null;
        writeHeld();
        held = data;
        if (first) {
            server.streams().hold(this);
        }
    }

    @Override
    public void writeHeld() {
        ByteBuf data = held;
        held = null;
        if (data != null) {
            server.encoder().writeData(context, id, data, 0, false, context.newPromise());
        }
    }

    @Override
    public void end(@Nullable Fields last) {
        if (over) {
            return;
        }
        ByteBuf data = held;
        if (last != null) {
            writeHeld();
            server.encoder().writeHeaders(context, id, Http2Fields.of(last), 0, true, context.newPromise());
        } else {
            held = null;
            server.encoder()
                    .writeData(context, id, data == null ? Unpooled.EMPTY_BUFFER : data, 0, true, context.newPromise());
        }
        server.streams().dirty();
        finished();
    }

    private void finished() {
        over = true;
        exchange = null;
        inbox.discard();
        if (!received) {
            // RFC 9113, 8.1: the answer is complete, the rest of the request is not wanted.
            server.resetStream(context, id, Http2Error.NO_ERROR.code(), context.newPromise());
        }
    }

    @Override
    public void abort() {
        if (!over) {
            over = true;
            exchange = null;
            drop();
            server.resetStream(context, id, Http2Error.INTERNAL_ERROR.code(), context.newPromise());
            server.streams().dirty();
        }
    }

    @Override
    public boolean isWritable() {
        return over || server.encoder().flowController().isWritable(stream);
    }

    @Override
    public void writable() {
        Exchange to = exchange;
        if (to != null) {
            to.onClientWritable();
        }
    }

    /** The stream is gone, whoever ended it. */
    void closed() {
        Exchange to = exchange;
        exchange = null;
        drop();
        if (!over && to != null) {
            over = true;
            to.onClientGone();
        }
        over = true;
    }

    private void drop() {
        ByteBuf data = held;
        held = null;
        if (data != null) {
            data.release();
        }
        inbox.discard();
    }
}
