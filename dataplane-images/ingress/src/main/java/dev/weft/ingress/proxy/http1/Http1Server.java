package dev.weft.ingress.proxy.http1;

import static io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.ClientSide;
import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.Octets;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.listen.Connection;
import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks HTTP/1: one request after the other, also if the client sends several at once. What it
 * sends ahead waits, and when that is too much it is not read.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails ends the connection, and is heard of there.
public final class Http1Server extends ChannelInboundHandlerAdapter implements ClientSide, Connection {
    private static final int MAX_AHEAD = 64 * 1024;

    private enum State {
        HEAD,
        /** The body of a request comes. */
        BODY,
        /** The request is complete, its answer is not. */
        ANSWER,
        TUNNEL,
        /** What comes is thrown away, so that the last answer is not lost by a reset (RFC 9112, 9.6). */
        LINGER,
        CLOSED
    }

    private final Engine engine;
    private final Loop loop;
    private final Peer peer;
    private final Channel channel;
    private final Output output;
    private final AnswerWriter writer;
    private final RequestHead head = new RequestHead();
    private final HeadReader reader = new HeadReader(true);
    private final Chunks chunks = new Chunks(400);
    private final Deadline deadline;
    private @Nullable Exchange exchange;
    private @Nullable ByteBuf pending;
    private State state = State.HEAD;
    private boolean reading;
    private boolean feeding;
    private boolean continueSent;
    private boolean answered;
    private boolean headTimed;
    private boolean headBegan;
    private long left;

    /** @param channel at the end of whose pipeline it is */
    public Http1Server(Engine engine, Loop loop, Peer peer, Channel channel) {
        this.engine = engine;
        this.loop = loop;
        this.peer = peer;
        this.channel = channel;
        this.output = new Output(channel, loop);
        this.writer = new AnswerWriter(loop, output);
        this.deadline = loop.deadlines().deadline(this::late);
        idle();
    }

    private void idle() {
        deadline.set(TimeUnit.SECONDS.toNanos(engine.settings().limits().idleSeconds()));
        headTimed = false;
    }

    private void late() {
        if (state == State.HEAD && headBegan) {
            refuse(new BadMessage(408, "head did not come in time"));
        } else {
            channel.close();
        }
    }

    @Override
    public void drain() {
        if (state == State.HEAD && !headBegan && exchange == null) {
            channel.close();
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
        feed();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.readComplete();
    }

    private void feed() {
        if (feeding) {
            return;
        }
        feeding = true;
        try {
            while (step()) {}
        } catch (BadMessage e) {
            refuse(e);
        } finally {
            feeding = false;
        }
        ByteBuf rest = pending;
        if (rest != null && (!rest.isReadable() || state == State.LINGER || state == State.CLOSED)) {
            pending = null;
            rest.release();
            rest = null;
        }
        // Too much ahead: the client's own window tells it.
        boolean read = rest == null || rest.readableBytes() < MAX_AHEAD;
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    private boolean step() throws BadMessage {
        ByteBuf in = pending;
        if (in == null || !in.isReadable()) {
            return false;
        }
        return switch (state) {
            case HEAD -> head(in);
            case BODY -> reading && piece(in);
            case TUNNEL -> reading && tunnel(in);
            case ANSWER, LINGER, CLOSED -> false;
        };
    }

    private boolean head(ByteBuf in) throws BadMessage {
        Fields fields = head.fields();
        if (!headBegan) {
            // RFC 9112, 2.2: an empty line before a request is passed over.
            int at = in.readerIndex();
            if (in.readableBytes() >= 2 && in.getByte(at) == '\r' && in.getByte(at + 1) == '\n') {
                in.skipBytes(2);
                return true;
            }
            if (!Octets.isToken(in.getByte(at))) {
                head.clear();
                throw new BadMessage(400, "not a request");
            }
            headBegan = true;
            head.clear();
            reader.reset();
        }
        if (!reader.read(in, fields, engine.settings().limits().headerBytes())) {
            if (!headTimed) {
                headTimed = true;
                deadline.set(TimeUnit.SECONDS.toNanos(engine.settings().limits().headerSeconds()));
            }
            return false;
        }
        RequestParser.parse(head);
        deadline.clear();
        left = head.length();
        if (left < 0) {
            chunks.begin();
        }
        state = head.hasBody() ? State.BODY : State.ANSWER;
        reading = false;
        continueSent = false;
        answered = false;
        Exchange next = new Exchange(engine, loop, peer, head, this);
        exchange = next;
        writer.begin(head, !head.keepAlive() || engine.isDraining());
        if (state == State.ANSWER) {
            next.onRequestEnd(null);
        }
        if (exchange == next) {
            next.begin();
        }
        return true;
    }

    private boolean piece(ByteBuf in) throws BadMessage {
        Exchange to = exchange;
        if (to == null) {
            return false;
        }
        if (head.length() >= 0) {
            int n = (int) Math.min(left, in.readableBytes());
            left -= n;
            to.onRequestBody(piece(in, n));
            if (left == 0) {
                bodyDone(to, null);
            }
            return true;
        }
        ByteBuf data = chunks.next(in);
        if (data != null) {
            to.onRequestBody(data);
            return true;
        }
        if (chunks.isDone()) {
            bodyDone(to, chunks.trailers());
            return true;
        }
        return false;
    }

    private void bodyDone(Exchange to, @Nullable Fields trailers) {
        if (state == State.BODY) {
            state = State.ANSWER;
            to.onRequestEnd(trailers);
        }
    }

    private boolean tunnel(ByteBuf in) {
        Exchange to = exchange;
        if (to == null) {
            return false;
        }
        to.onRequestBody(piece(in, in.readableBytes()));
        return true;
    }

    private ByteBuf piece(ByteBuf in, int n) {
        if (n == in.readableBytes()) {
            pending = null;
            return in;
        }
        return in.readRetainedSlice(n);
    }

    @Override
    public void read(boolean on) {
        if (on && !continueSent && head.expectsContinue() && state == State.BODY && !answered) {
            continueSent = true;
            writer.sendContinue();
        }
        boolean resumed = on && !reading;
        reading = on;
        if (resumed && !feeding && pending != null) {
            loop.eventLoop().execute(this::feed);
        }
    }

    @Override
    public void interim(ResponseHead response) {
        if (head.version() == 11 && !answered) {
            writer.interim(response);
        }
    }

    @Override
    public void respond(ResponseHead response, boolean end) {
        answered = true;
        boolean unread = state == State.BODY && !(end && head.expectsContinue() && !continueSent);
        // The rest of a body that nobody wants would have to be read before the next request.
        writer.respond(response, end, unread || state == State.BODY || engine.isDraining());
        if (response.status() == 101) {
            state = State.TUNNEL;
            reading = false;
        } else if (end) {
            answerDone();
        }
    }

    @Override
    public void body(ByteBuf data) {
        if (state == State.CLOSED) {
            data.release();
        } else {
            writer.body().body(data, state == State.TUNNEL);
        }
    }

    @Override
    public void end(@Nullable Fields trailers) {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.TUNNEL) {
            exchange = null;
            closeAfterFlush();
            return;
        }
        writer.body().end(trailers);
        answerDone();
    }

    private void answerDone() {
        exchange = null;
        boolean incomplete = state == State.BODY;
        if (writer.closes() || incomplete) {
            if (incomplete || (pending != null && pending.isReadable())) {
                linger();
            } else {
                closeAfterFlush();
            }
            return;
        }
        state = State.HEAD;
        // What the last request was is still told of until its exchange has finished.
        headBegan = false;
        idle();
        if (!feeding && pending != null) {
            loop.eventLoop().execute(this::feed);
        }
    }

    private void closeAfterFlush() {
        state = State.CLOSED;
        deadline.clear();
        output.closeAfter();
    }

    private void linger() {
        state = State.LINGER;
        deadline.set(TimeUnit.SECONDS.toNanos(2));
        output.shutdownAfter();
        if (!channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void abort() {
        exchange = null;
        state = State.CLOSED;
        output.flushNow();
        channel.close();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** What came is no request. */
    private void refuse(BadMessage bad) {
        Exchange current = exchange;
        if (state == State.LINGER || state == State.CLOSED) {
            return;
        }
        if (current != null) {
            // The body of a request that is under way is malformed.
            writer.closeAfterThis();
            current.fail(bad.status(), bad.getMessage());
            if (state != State.CLOSED && state != State.LINGER) {
                abort();
            }
            return;
        }
        Exchange refused = new Exchange(engine, loop, peer, head, this);
        exchange = refused;
        answered = false;
        state = State.BODY;
        writer.begin(head, true);
        ResponseHead response = Answers.head(bad.status());
        refused.refuse(response, bad.getMessage());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        if (current != null && ctx.channel().isWritable()) {
            current.onClientWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        State last = state;
        state = State.CLOSED;
        deadline.clear();
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            if (last == State.TUNNEL) {
                current.onRequestEnd(null);
            }
            current.onClientGone();
        }
        ByteBuf rest = pending;
        pending = null;
        if (rest != null && !feeding) {
            rest.release();
        }
        output.discard();
        loop.readComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A broken connection: channelInactive follows.
        ctx.close();
    }
}
