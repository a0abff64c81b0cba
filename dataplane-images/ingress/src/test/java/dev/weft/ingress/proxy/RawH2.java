package dev.weft.ingress.proxy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Frames of HTTP/2 (RFC 9113, 4.1) over a plain socket, byte by byte. */
final class RawH2 implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** What the other side sent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int type, int flags, int stream, byte[] payload) {
        /** Of a GOAWAY or RST_STREAM. */
        int error() {
            int at = type == GOAWAY ? 4 : 0;
            return payload[at + 3] & 0xff;
        }
    }

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    RawH2(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >>> 16);
        frame.write(payload.length >>> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame.write(stream >>> shift);
        }
        frame.writeBytes(payload);
        out.write(frame.toByteArray());
    }

    /** Sends frames for as long as the other side takes them; whether it stopped to. */
    boolean isCutWhile(Sending sending) throws IOException {
        long began = System.nanoTime();
        for (int i = 0; System.nanoTime() - began < PATIENCE.toNanos(); i++) {
            try {
                sending.send(i);
            } catch (SocketException e) {
                return true;
            }
        }
        return false;
    }

    /** Sends the frames of one round. */
    interface Sending {
        void send(int round) throws IOException;
    }

    /** A head of GET for / (RFC 7541, 6.1 and 6.2.2), with more in front of its end. */
    static byte[] get(byte[]... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84});
        block.writeBytes(literal(0x01, "a.example"));
        for (byte[] each : more) {
            block.writeBytes(each);
        }
        return block.toByteArray();
    }

    /** A field with a name of its own that is not indexed. */
    static byte[] field(String name, String value) {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.writeBytes(literal(0x00, name));
        field.writeBytes(text(value));
        return field.toByteArray();
    }

    /** A field that is the first of the table from now on: its number is 62. */
    static byte[] indexed(String name, String value) {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.writeBytes(literal(0x40, name));
        field.writeBytes(text(value));
        return field.toByteArray();
    }

    /** A first octet and a text. */
    private static byte[] literal(int first, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        out.writeBytes(text(text));
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            // An integer with a prefix of seven bits (RFC 7541, 5.1).
            out.write(127);
            for (length -= 127; length >= 128; length >>>= 7) {
                out.write((length & 127) | 128);
            }
            out.write(length);
        }
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** The next frame of one of these types, or the GOAWAY with which the connection ended, or null if it just ended. */
    @Nullable
    Frame await(int... types) throws IOException {
        try {
            while (true) {
                int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(length);
                Frame frame = new Frame(type, flags, stream, payload);
                for (int wanted : types) {
                    if (type == wanted) {
                        return frame;
                    }
                }
            }
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** Whether the other side ended the connection, waiting for that. */
    boolean ended() throws IOException {
        return await() == null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
