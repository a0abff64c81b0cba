package dev.weft.ingress.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.Queue;

/** Data of a stream that cannot be passed on yet. The other side may send only so much before it is (RFC 9113, 5.2). */
final class Inbox {
    private record Piece(ByteBuf data, int bytes) {}

    private final Queue<Piece> pieces = new ArrayDeque<>(0);
    private final Http2LocalFlowController flow;
    private final Http2Stream stream;

    Inbox(Http2LocalFlowController flow, Http2Stream stream) {
        this.flow = flow;
        this.stream = stream;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** @param bytes that are given back to the other side's window when it is taken */
    void put(ByteBuf data, int bytes) {
        pieces.add(new Piece(data, bytes));
    }

    /** The oldest; its bytes may be sent anew. */
    ByteBuf take() {
        Piece piece = pieces.remove();
        consumed(piece.bytes());
        return piece.data();
    }

    void consumed(int bytes) {
        try {
            flow.consumeBytes(stream, bytes);
        } catch (Http2Exception e) {
            // The stream is closed: the connection's window got its bytes back then.
        }
    }

    void discard() {
        while (!pieces.isEmpty()) {
            take().release();
        }
    }
}
