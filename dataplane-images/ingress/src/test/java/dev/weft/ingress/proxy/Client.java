package dev.weft.ingress.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client over a plain socket. */
public final class Client implements AutoCloseable {
    /** An answer as it arrived. */
    public record Answer(String head, String body) {
        public int status() {
            return head.isEmpty() ? 0 : Integer.parseInt(head.substring(9, 12));
        }

        String field(String name) {
            return new Backend.Received(head, new byte[0]).field(name);
        }
    }

    private final Socket socket;
    private final InputStream in;

    Client(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    public Client(Socket socket) throws IOException {
        this.socket = socket;
        this.socket.setSoTimeout(20_000);
        this.in = socket.getInputStream();
    }

    public Socket socket() {
        return socket;
    }

    public Client send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** GET with a host. */
    Client get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: a.example\r\n\r\n");
    }

    Answer read() throws IOException {
        return read(false);
    }

    /** @param head whether the request was HEAD */
    public Answer read(boolean head) throws IOException {
        String text = Backend.head(in);
        int status = text.isEmpty() ? 0 : Integer.parseInt(text.substring(9, 12));
        if (head || status < 200 || status == 204 || status == 304) {
            return new Answer(text, "");
        }
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        boolean framed = lower.contains("content-length: ") || lower.contains("transfer-encoding: chunked");
        byte[] body = framed ? Backend.body(text, in) : in.readAllBytes();
        return new Answer(text, new String(body, StandardCharsets.ISO_8859_1));
    }

    /** So many bytes. */
    String bytes(int n) throws IOException {
        return new String(in.readNBytes(n), StandardCharsets.ISO_8859_1);
    }

    /** Whether the other side has ended the connection, waiting for that. */
    boolean ended() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
