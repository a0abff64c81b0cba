package dev.weft.ingress.proxy;

import dev.weft.ingress.route.Certificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A backend over sockets that does what a test says, byte by byte. */
public final class Backend implements AutoCloseable {
    /**
     * A request as it arrived.
     *
     * @param tls of its connection; null without
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Received(
            String head, byte[] body, @Nullable SSLSession tls) {
        Received(String head, byte[] body) {
            this(head, body, null);
        }

        public String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        public String field(String name) {
            for (String line : head.split("\r\n")) {
                if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    /** Answers one request; the connection goes on if it returns true. */
    public interface Answer {
        boolean to(Received request, InputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket server;
    private final Answer answer;
    private final AtomicInteger connections = new AtomicInteger();
    public final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private Backend(ServerSocket server, Answer answer) {
        this.answer = answer;
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    public static Backend of(Answer answer) throws IOException {
        return new Backend(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), answer);
    }

    /** Over TLS; asks for a certificate, and takes any and none. */
    public static Backend tls(Certificate own, Answer answer) throws Exception {
        SSLServerSocket server = (SSLServerSocket) Certs.context(own)
                .getServerSocketFactory()
                .createServerSocket(0, 100, InetAddress.getLoopbackAddress());
        server.setWantClientAuth(true);
        return new Backend(server, answer);
    }

    /** Answers everything with this, as it is. */
    static Backend fixed(String bytes) throws IOException {
        return of((request, in, out) -> {
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        });
    }

    /** Answers 200 with a body. */
    static Backend ok(String body) throws IOException {
        return fixed("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    public int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    Received last() {
        return received.getLast();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            SSLSession tls = socket instanceof SSLSocket secured ? secured.getSession() : null;
            while (true) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                Received request = new Received(head, body(head, in), tls);
                received.add(request);
                if (!answer.to(request, in, socket.getOutputStream())) {
                    return;
                }
            }
        } catch (IOException e) {
            // The proxy gave it up.
        } finally {
            open.remove(socket);
        }
    }

    /** Bytes up to the empty line. */
    static String head(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            text.append((char) b);
        }
        return text.toString();
    }

    static byte[] body(String head, InputStream in) throws IOException {
        String lower = head.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("x-unread: ")) {
            // The test reads it itself.
            return new byte[0];
        }
        if (lower.contains("transfer-encoding: chunked")) {
            return chunks(in);
        }
        int at = lower.indexOf("content-length: ");
        if (at < 0) {
            return new byte[0];
        }
        int length = Integer.parseInt(lower.substring(at + 16, lower.indexOf("\r\n", at)));
        return in.readNBytes(length);
    }

    /** The data of a chunked body; trailers are put behind it as they came. */
    static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(in).split(";")[0], 16);
            if (size == 0) {
                for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
                    all.write(("[" + trailer + "]").getBytes(StandardCharsets.ISO_8859_1));
                }
                return all.toByteArray();
            }
            all.write(in.readNBytes(size));
            line(in);
        }
    }

    static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("ended");
            }
            if (b == '\n') {
                return text.substring(0, text.length() - 1);
            }
            text.append((char) b);
        }
    }

    /** Ends all connections that are open, as a backend that restarts. */
    public void cut() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
