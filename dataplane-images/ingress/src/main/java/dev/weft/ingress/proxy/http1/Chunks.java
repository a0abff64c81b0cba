package dev.weft.ingress.proxy.http1;

import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.Octets;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Takes the chunked coding (RFC 9112, 7.1) off a body, without copying the data. */
final class Chunks {
    private static final int MAX_EXTENSION = 256;
    private static final int MAX_TRAILERS = 8192;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        DONE
    }

    private final int status;
    private State state = State.DONE;
    private long left;
    private int digits;
    private int extension;
    private @Nullable Fields trailers;

    /** @param status of the refusal */
    Chunks(int status) {
        this.status = status;
    }

    void begin() {
        state = State.SIZE;
        left = 0;
        digits = 0;
        extension = 0;
        trailers = null;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** What came behind the last chunk; null without. */
    @Nullable
    Fields trailers() {
        Fields all = trailers;
        return all == null || all.count() == 0 ? null : all;
    }

    /** The next piece of the body, retained; null if more bytes are needed, or if it is done. */
    @Nullable
    ByteBuf next(ByteBuf in) throws BadMessage {
        while (in.isReadable()) {
            switch (state) {
                case SIZE -> size(in.readByte());
                case EXTENSION -> extension(in.readByte());
                case SIZE_LF -> {
                    expect(in.readByte(), '\n');
                    state = left == 0 ? State.TRAILERS : State.DATA;
                }
                case DATA -> {
                    int n = (int) Math.min(left, in.readableBytes());
                    left -= n;
                    if (left == 0) {
                        state = State.DATA_CR;
                    }
                    return in.readRetainedSlice(n);
                }
                case DATA_CR -> {
                    expect(in.readByte(), '\r');
                    state = State.DATA_LF;
                }
                case DATA_LF -> {
                    expect(in.readByte(), '\n');
                    state = State.SIZE;
                    digits = 0;
                    extension = 0;
                }
                case TRAILERS -> trailer(in);
                case DONE -> {
                    return null;
                }
            }
        }
        return null;
    }

    private void size(byte b) throws BadMessage {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            // 15 digits do not overflow.
            if (++digits > 15) {
                throw new BadMessage(status, "chunk is too large");
            }
            left = left * 16 + digit;
            return;
        }
        if (digits == 0) {
            throw new BadMessage(status, "chunk size is malformed");
        }
        if (b == '\r') {
            state = State.SIZE_LF;
        } else if (b == ';') {
            state = State.EXTENSION;
        } else {
            throw new BadMessage(status, "chunk size is malformed");
        }
    }

    /** Extensions are dropped (7.1.1), but looked at: an LF in one is what request smuggling was made of. */
    private void extension(byte b) throws BadMessage {
        if (b == '\r') {
            state = State.SIZE_LF;
        } else if (!Octets.isValue(b) || ++extension > MAX_EXTENSION) {
            throw new BadMessage(status, "chunk extension is malformed");
        }
    }

    private void trailer(ByteBuf in) throws BadMessage {
        Fields all = trailers;
        if (all == null) {
            int at = in.readerIndex();
            if (in.readableBytes() >= 2 && in.getByte(at) == '\r' && in.getByte(at + 1) == '\n') {
                // As most bodies end.
                in.skipBytes(2);
                state = State.DONE;
                return;
            }
            all = new Fields();
            trailers = all;
        }
        while (in.isReadable()) {
            all.take(in, 1);
            int end = all.end();
            byte[] bytes = all.bytes();
            if (end > MAX_TRAILERS) {
                throw new BadMessage(status == 400 ? 431 : status, "trailers are too long");
            }
            if (bytes[end - 1] != '\n') {
                continue;
            }
            if (end < 2 || bytes[end - 2] != '\r') {
                throw new BadMessage(status, "trailer ends with LF alone");
            }
            if (end == 2 || bytes[end - 3] == '\n') {
                FieldLines.parse(all, 0, status);
                state = State.DONE;
                return;
            }
        }
    }

    private void expect(byte b, char wanted) throws BadMessage {
        if (b != wanted) {
            throw new BadMessage(status, "chunk does not end with CRLF");
        }
    }
}
