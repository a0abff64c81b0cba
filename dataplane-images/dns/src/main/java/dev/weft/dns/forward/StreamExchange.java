package dev.weft.dns.forward;

import dev.weft.agent.Log;
import dev.weft.dns.wire.MessageFormatException;
import dev.weft.dns.wire.Reply;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Asks over TCP, or TLS (RFC 7858), on connections that are kept for a while; one question at a time on each. */
final class StreamExchange implements Exchange {
    private static final Log LOG = Log.of("forward");
    private static final Duration KEPT = Duration.ofSeconds(10);
    private static final int MOST_KEPT = 64;

    private final InetSocketAddress server;
    private final ForwardMetrics metrics;
    private final String address;
    private final Optional<String> serverName;
    private final @Nullable SSLSocketFactory tls;
    private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();

    private record Idle(Socket socket, long since) {}

    private StreamExchange(
            InetSocketAddress server,
            String address,
            Optional<String> serverName,
            @Nullable SSLSocketFactory tls,
            ForwardMetrics metrics) {
        this.server = server;
        this.address = address;
        this.metrics = metrics;
        this.serverName = serverName;
        this.tls = tls;
    }

    /** @param address as metrics name the server */
    static StreamExchange tcp(InetSocketAddress server, String address, ForwardMetrics metrics) {
        return new StreamExchange(server, address, Optional.empty(), null, metrics);
    }

    /**
     * @param address as metrics name the server
     * @param name what the certificate must say; its address if empty
     */
    static StreamExchange tls(
            InetSocketAddress server,
            String address,
            Optional<String> name,
            SSLSocketFactory factory,
            ForwardMetrics metrics) {
        return new StreamExchange(server, address, name, factory, metrics);
    }

    @Override
    public Reply ask(byte[] query, int questionEnd, Duration patience) throws IOException {
        while (true) {
            Idle kept = idle.pollFirst();
            if (kept == null) {
                metrics.connection(address, tls == null ? "tcp" : "tcp-tls", false);
                return ask(connect(patience), query, questionEnd, patience);
            }
            if (System.nanoTime() - kept.since() > KEPT.toNanos()) {
                kept.socket().close();
                continue;
            }
            try {
                metrics.connection(address, tls == null ? "tcp" : "tcp-tls", true);
                return ask(kept.socket(), query, questionEnd, patience);
            } catch (EOFException | SocketException e) {
                LOG.debug("a kept connection had ended, as it may at any time", "server", server);
            }
        }
    }

    private Reply ask(Socket socket, byte[] query, int questionEnd, Duration patience) throws IOException {
        boolean done = false;
        try {
            socket.setSoTimeout((int) patience.toMillis());
            byte[] framed = new byte[query.length + 2];
            framed[0] = (byte) (query.length >> 8);
            framed[1] = (byte) query.length;
            System.arraycopy(query, 0, framed, 2, query.length);
            socket.getOutputStream().write(framed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            if (!Reply.answers(answer, answer.length, query, questionEnd)) {
                throw new MessageFormatException(server + " answered another question");
            }
            Reply reply = Reply.read(answer, answer.length);
            done = true;
            return reply;
        } finally {
            if (done && idle.size() < MOST_KEPT) {
                idle.addFirst(new Idle(socket, System.nanoTime()));
            } else {
                socket.close();
            }
        }
    }

    private Socket connect(Duration patience) throws IOException {
        Socket socket = new Socket();
        boolean done = false;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(server, (int) patience.toMillis());
            if (tls == null) {
                done = true;
                return socket;
            }
            socket.setSoTimeout((int) patience.toMillis());
            String peer = serverName.orElse(server.getAddress().getHostAddress());
            SSLSocket secure = (SSLSocket) tls.createSocket(socket, peer, server.getPort(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 8310: names as in RFC 6125
            serverName.ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name))));
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            done = true;
            return secure;
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    @Override
    public void close() {
        for (Idle kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            try {
                kept.socket().close();
            } catch (IOException e) {
                LOG.debug("a connection was not closed well", "server", server, "error", e.toString());
            }
        }
    }
}
