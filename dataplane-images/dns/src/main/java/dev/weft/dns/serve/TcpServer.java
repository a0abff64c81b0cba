package dev.weft.dns.serve;

import dev.weft.agent.Log;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Questions over TCP (RFC 7766): many on a connection, answered as they come, those for other servers whenever they are
 * known. Connections are bounded in number and in how long they may be idle; a client that does not read its answers is
 * cut off by its own silence.
 */
public final class TcpServer implements AutoCloseable {
    private static final Log LOG = Log.of("tcp");
    private static final int BACKLOG = 256;
    private static final int CONNECTIONS = 512;
    private static final int IDLE_MILLIS = 10_000;
    private static final int WAITING = 128;
    /** Longer than any question waits for others. */
    private static final long PATIENCE_SECONDS = 7;

    private final ServerSocket server;
    private final Supplier<Serving> serving;
    private final Tally tally;
    private final Later later;
    private final Semaphore free = new Semaphore(CONNECTIONS);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TcpServer(ServerSocket server, Supplier<Serving> serving, Tally tally, Later later) {
        this.server = server;
        this.serving = serving;
        this.tally = tally;
        this.later = later;
    }

    /**
     * Listens, from now on.
     *
     * @param tally shared by all connections
     * @throws IOException if the address cannot be bound
     */
    public static TcpServer start(Ip bind, int port, Supplier<Serving> serving, Tally tally, Later later)
            throws IOException {
        InetAddress address = bind.toInetAddress();
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        try {
            socket.bind(new InetSocketAddress(address, port), BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw new IOException("cannot listen on TCP " + bind + " port " + port + ": " + e.getMessage(), e);
        }
        TcpServer tcp = new TcpServer(socket, serving, tally, later);
        Thread.ofPlatform().daemon().name("dns-tcp").start(tcp::accept);
        return tcp;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                free.acquire();
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().name("dns-tcp-client").start(() -> serve(socket));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException e) {
                free.release();
                if (!server.isClosed()) {
                    LOG.warn("a connection was not accepted", e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setSoTimeout(IDLE_MILLIS);
            socket.setTcpNoDelay(true);
            new Connection(socket).run();
        } catch (IOException e) {
            LOG.debug("a connection ended", "client", socket.getInetAddress(), "reason", e.toString());
        } finally {
            open.remove(socket);
            free.release();
        }
    }

    /** Who waits for one answer. */
    private record Asker(Connection connection, long began) implements Later.Client {
        @Override
        public Ip ip() {
            return connection.ip;
        }

        @Override
        public int limit() {
            return Responder.MOST_BYTES;
        }

        @Override
        public boolean tcp() {
            return true;
        }

        @Override
        public void part(byte[] message, int length) throws IOException {
            connection.write(message, length);
        }

        @Override
        public void answer(byte[] message, int length) {
            connection.late(message, length, began);
        }
    }

    private final class Connection {
        private final Ip ip;
        private final Socket socket;
        private final OutputStream out;
        private final ReentrantLock writing = new ReentrantLock();
        private final Semaphore waiting = new Semaphore(WAITING);
        private final Responder responder = new Responder(serving, tally);
        private final boolean ipv4;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.ip = Ip.of(socket.getInetAddress());
            this.ipv4 = ip.family() == Family.IPV4;
            this.out = socket.getOutputStream();
        }

        void run() throws IOException {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 4096));
            byte[] packet = new byte[512];
            byte[] answer = new byte[Responder.MOST_BYTES];
            while (true) {
                int length = in.read() << 8;
                if (length < 0) {
                    awaitAnswers(); // a client that asks no more still wants to know
                    return;
                }
                length |= in.readUnsignedByte();
                if (length > packet.length) {
                    packet = new byte[length];
                }
                in.readFully(packet, 0, length);
                long began = System.nanoTime();
                int result = responder.respond(packet, length, answer, true, ipv4);
                if (result > 0) {
                    write(answer, result);
                    tally.took(1, System.nanoTime() - began);
                    if (serving.get().queryLog()) {
                        QueryLog.answered(ip, true, responder.question(), answer, result);
                    }
                } else if (result == Responder.ASK_OTHERS) {
                    waiting.acquireUninterruptibly(); // so long it reads no further questions
                    later.ask(Arrays.copyOf(packet, length), new Asker(this, began));
                } else {
                    return; // RFC 7766 leaves it open; who sends rubbish is not worth a connection
                }
            }
        }

        private void awaitAnswers() {
            try {
                if (!waiting.tryAcquire(WAITING, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.debug("a connection ends before its answers came", "client", ip);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void write(byte[] message, int length) throws IOException {
            byte[] framed = new byte[length + 2];
            framed[0] = (byte) (length >> 8);
            framed[1] = (byte) length;
            System.arraycopy(message, 0, framed, 2, length);
            writing.lock();
            try {
                out.write(framed);
            } finally {
                writing.unlock();
            }
        }

        private void late(byte[] message, int length, long began) {
            tally.response(message[3] & 15, length);
            tally.took(1, System.nanoTime() - began);
            try {
                write(message, length);
            } catch (IOException e) {
                LOG.debug("an answer was not sent", "to", ip, "error", e.toString());
            } finally {
                waiting.release();
            }
        }
    }

    /** Takes no more connections and questions; what was asked is still answered. */
    public void stop() throws IOException {
        server.close();
        for (Socket socket : open) {
            try {
                socket.shutdownInput();
            } catch (IOException e) {
                LOG.debug("a connection had ended", "reason", e.toString());
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
