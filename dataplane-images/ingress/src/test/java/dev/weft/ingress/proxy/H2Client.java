package dev.weft.ingress.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that speaks HTTP/2 with prior knowledge, and sends what a test says, also what no client should. */
final class H2Client implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Channel channel;
    private volatile long goAway = -1;

    H2Client(int port) {
        channel = new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline()
                                .addLast(Http2FrameCodecBuilder.forClient()
                                        .validateHeaders(false)
                                        .encoderEnforceMaxRstFramesPerWindow(0, 0)
                                        .initialSettings(Http2Settings.defaultSettings())
                                        .build())
                                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
                                .addLast(new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                                        if (message instanceof Http2GoAwayFrame frame) {
                                            goAway = frame.errorCode();
                                        }
                                        ReferenceCountUtil.release(message);
                                    }
                                });
                    }
                })
                .connect("127.0.0.1", port)
                .syncUninterruptibly()
                .channel();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** -1 without a GOAWAY. */
    long goAwayCode() {
        return goAway;
    }

    void ping() {
        channel.writeAndFlush(new DefaultHttp2PingFrame(1)).awaitUninterruptibly();
    }

    /** Opens a stream and resets it at once; false if the connection is cut by then. */
    boolean openAndReset(Http2Headers head) {
        Future<Http2StreamChannel> opened = new Http2StreamChannelBootstrap(channel)
                .handler(new ChannelInboundHandlerAdapter())
                .open();
        if (!opened.awaitUninterruptibly().isSuccess()) {
            return false;
        }
        Http2StreamChannel stream = opened.getNow();
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, true)).awaitUninterruptibly();
        stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).awaitUninterruptibly();
        return channel.isOpen();
    }

    Stream open(Http2Headers head, boolean end) {
        return new Stream(head, end);
    }

    final class Stream extends ChannelInboundHandlerAdapter {
        private final CountDownLatch done = new CountDownLatch(1);
        private final StringBuilder body = new StringBuilder();
        private final Http2StreamChannel stream;
        private volatile @Nullable Http2Headers headers;
        private volatile @Nullable Http2Headers trailers;
        private volatile String outcome = "";

        Stream(Http2Headers head, boolean end) {
            stream = new Http2StreamChannelBootstrap(channel)
                    .handler(this)
                    .open()
                    .syncUninterruptibly()
                    .getNow();
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, end)).awaitUninterruptibly();
        }

        void send(ByteBuf data, boolean end) {
            stream.writeAndFlush(new DefaultHttp2DataFrame(data, end))
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }

        void reset() {
            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).awaitUninterruptibly();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2HeadersFrame frame) {
                if (headers == null) {
                    headers = frame.headers();
                    outcome = String.valueOf(frame.headers().status());
                } else {
                    trailers = frame.headers();
                }
                if (frame.isEndStream()) {
                    done.countDown();
                }
            } else if (message instanceof Http2DataFrame frame) {
                body.append(frame.content().toString(StandardCharsets.ISO_8859_1));
                if (frame.isEndStream()) {
                    done.countDown();
                }
            } else if (message instanceof Http2ResetFrame frame && outcome.isEmpty()) {
                outcome = "reset " + frame.errorCode();
                done.countDown();
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame frame && outcome.isEmpty()) {
                outcome = "reset " + frame.errorCode();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            done.countDown();
        }

        void await() throws InterruptedException {
            if (!done.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no answer");
            }
        }

        Http2Headers headers() {
            Http2Headers now = headers;
            if (now == null) {
                throw new IllegalStateException("no answer");
            }
            return now;
        }

        Http2Headers trailers() {
            Http2Headers now = trailers;
            if (now == null) {
                throw new IllegalStateException("no trailers");
            }
            return now;
        }

        String body() {
            return body.toString();
        }

        String outcome() {
            return outcome;
        }
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
