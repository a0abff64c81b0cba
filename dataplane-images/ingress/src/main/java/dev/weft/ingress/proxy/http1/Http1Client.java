package dev.weft.ingress.proxy.http1;

import static io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR;

import dev.weft.ingress.proxy.http.Backend;
import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.Call;
import dev.weft.ingress.proxy.http.CallListener;
import dev.weft.ingress.proxy.http.CallListener.Broken;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A connection to a backend that speaks HTTP/1.1: one request after the other. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails ends the connection, and is heard of there.
public final class Http1Client extends ChannelInboundHandlerAdapter implements Backend, Call {
    /** Who keeps it while it has no request. */
    public interface Owner {
        void idle(Http1Client connection);

        void closed(Http1Client connection);
    }

    private static final int MAX_HEAD = 256 * 1024;

    private enum State {
        IDLE,
        HEAD,
        BODY,
        TUNNEL,
        CLOSED
    }

    private final Loop loop;
    private final Owner owner;
    private final Deadline idle;
    private final HeadReader reader = new HeadReader(false);
    private final ResponseParser parser = new ResponseParser();
    private final ResponseHead response = new ResponseHead();
    private final Chunks chunks = new Chunks(502);
    private @Nullable ChannelHandlerContext context;
    private @Nullable Output output;
    private @Nullable RequestWriter writer;
    private @Nullable CallListener listener;
    private @Nullable ByteBuf pending;
    private State state = State.IDLE;
    private boolean requestHead;
    private boolean requestDone;
    private boolean upgrade;
    private boolean paused;
    private boolean used;
    private boolean feeding;
    private long left;

    public Http1Client(Loop loop, Owner owner) {
        this.loop = loop;
        this.owner = owner;
        this.idle = loop.deadlines().deadline(this::close);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        Output made = new Output(ctx.channel(), loop);
        output = made;
        writer = new RequestWriter(loop, made);
    }

    /** Whether it can take a request. */
    public boolean isFree() {
        ChannelHandlerContext ctx = context;
        return state == State.IDLE && ctx != null && ctx.channel().isActive();
    }

    @Override
    public boolean isReused() {
        return used;
    }

    @Override
    public void release() {
        rest();
    }

    /** Keeps it for a while. */
    public void keep(long nanos) {
        idle.set(nanos);
    }

    @Override
    public Call start(RequestHead head, CallListener hears) {
        idle.clear();
        listener = hears;
        state = State.HEAD;
        requestHead = head.method().equals("HEAD");
        requestDone = !head.hasBody();
        upgrade = head.upgrade();
        paused = false;
        response.of(0);
        reader.reset();
        RequestWriter out = writer;
        if (out != null) {
            out.head(head);
        }
        return this;
    }

    @Override
    public void body(ByteBuf data) {
        RequestWriter out = writer;
        if (out == null || state == State.CLOSED) {
            data.release();
        } else {
            out.body().body(data, state == State.TUNNEL);
        }
    }

    @Override
    public void end(@Nullable Fields trailers) {
        RequestWriter out = writer;
        if (requestDone || out == null || state == State.CLOSED) {
            return;
        }
        requestDone = true;
        out.body().end(trailers);
    }

    @Override
    public boolean isWritable() {
        ChannelHandlerContext ctx = context;
        return ctx != null && ctx.channel().isWritable();
    }

    @Override
    public void read(boolean on) {
        ChannelHandlerContext ctx = context;
        if (paused == !on || ctx == null) {
            return;
        }
        paused = !on;
        if (on) {
            ctx.channel().config().setAutoRead(true);
            if (!feeding && pending != null) {
                loop.eventLoop().execute(() -> feed(ctx));
            }
        } else {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void cancel() {
        listener = null;
        Output out = output;
        if (state == State.TUNNEL && out != null) {
            // What the client said last, such as the end of a WebSocket.
            out.flushNow();
        }
        state = State.CLOSED;
        close();
    }

    /** Ends it, whatever it does. */
    public void close() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf data)) {
            ReferenceCountUtil.release(message);
            return;
        }
        loop.reading();
        ByteBuf before = pending;
        pending = before == null ? data : MERGE_CUMULATOR.cumulate(ctx.alloc(), before, data);
        feed(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.readComplete();
    }

    private void feed(ChannelHandlerContext ctx) {
        if (feeding) {
            return;
        }
        feeding = true;
        try {
            while (step()) {}
        } catch (BadMessage e) {
            broken(Broken.MALFORMED);
            ctx.close();
        } finally {
            feeding = false;
        }
        ByteBuf rest = pending;
        if (rest != null && (!rest.isReadable() || state == State.CLOSED)) {
            pending = null;
            rest.release();
        }
    }

    /** Whether there may be more to do. */
    private boolean step() throws BadMessage {
        ByteBuf in = pending;
        CallListener hears = listener;
        if (in == null || !in.isReadable()) {
            return false;
        }
        return switch (state) {
            case IDLE -> unasked();
            case HEAD -> reader.read(in, response.fields(), MAX_HEAD) && hears != null && head(hears);
            case BODY, TUNNEL -> !paused && hears != null && body(in, hears);
            case CLOSED -> false;
        };
    }

    /** Nobody asked (RFC 9112, 9.2): what follows could be taken for the answer to the next request. */
    private boolean unasked() {
        close();
        state = State.CLOSED;
        return false;
    }

    private boolean head(CallListener hears) throws BadMessage {
        parser.parse(response, requestHead);
        int status = response.status();
        if (status == 101) {
            if (!upgrade) {
                throw new BadMessage(502, "101 to a request without Upgrade");
            }
            state = State.TUNNEL;
            hears.onHead(response, false);
            return true;
        }
        if (status < 200) {
            if (status != 100) {
                hears.onInterim(response);
            }
            response.of(0);
            reader.reset();
            return true;
        }
        switch (parser.framing()) {
            case NONE -> {
                hears.onHead(response, true);
                done();
            }
            case LENGTH -> {
                state = State.BODY;
                left = response.length();
                hears.onHead(response, false);
            }
            case CHUNKED -> {
                state = State.BODY;
                chunks.begin();
                hears.onHead(response, false);
            }
            case CLOSE -> {
                state = State.BODY;
                left = Long.MAX_VALUE;
                hears.onHead(response, false);
            }
        }
        return true;
    }

    private boolean body(ByteBuf in, CallListener hears) throws BadMessage {
        if (state == State.BODY && parser.framing() == ResponseParser.Framing.CHUNKED) {
            ByteBuf data = chunks.next(in);
            if (data != null) {
                hears.onBody(data);
                return true;
            }
            if (chunks.isDone()) {
                hears.onEnd(chunks.trailers());
                done();
                return true;
            }
            return false;
        }
        int n = state == State.TUNNEL ? in.readableBytes() : (int) Math.min(in.readableBytes(), left);
        ByteBuf data;
        if (n == in.readableBytes()) {
            data = in;
            pending = null;
        } else {
            data = in.readRetainedSlice(n);
        }
        if (state == State.BODY && left != Long.MAX_VALUE) {
            left -= n;
        }
        hears.onBody(data);
        if (state == State.BODY && left == 0) {
            hears.onEnd(null);
            done();
        }
        return true;
    }

    /** The answer is complete. */
    private void done() {
        if (state == State.CLOSED) {
            return;
        }
        listener = null;
        used = true;
        state = State.IDLE;
        if (!parser.keepAlive() || !requestDone) {
            // An answer before the end of the request: nobody knows whether the rest is wanted.
            close();
            state = State.CLOSED;
            return;
        }
        rest();
    }

    private void rest() {
        if (paused) {
            read(true);
        }
        state = State.IDLE;
        owner.idle(this);
    }

    private void broken(Broken why) {
        CallListener hears = listener;
        listener = null;
        state = State.CLOSED;
        if (hears != null) {
            hears.onBroken(why);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        CallListener hears = listener;
        if (hears != null && ctx.channel().isWritable()) {
            hears.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        idle.clear();
        CallListener hears = listener;
        if (hears != null && paused) {
            // What was read already is passed on before the end.
            paused = false;
            feed(ctx);
        }
        boolean toTheEnd =
                state == State.TUNNEL || (state == State.BODY && parser.framing() == ResponseParser.Framing.CLOSE);
        if (toTheEnd && listener != null && hears != null) {
            listener = null;
            state = State.CLOSED;
            hears.onEnd(null);
        } else {
            broken(Broken.CLOSED);
        }
        ByteBuf rest = pending;
        pending = null;
        if (rest != null) {
            rest.release();
        }
        Output out = output;
        if (out != null) {
            out.discard();
        }
        owner.closed(this);
        loop.readComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A broken connection: channelInactive follows and tells.
        ctx.close();
    }

    /** For whoever wants to know about the connection. */
    public @Nullable Channel channel() {
        ChannelHandlerContext ctx = context;
        return ctx == null ? null : ctx.channel();
    }
}
