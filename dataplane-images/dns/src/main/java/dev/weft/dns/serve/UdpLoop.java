package dev.weft.dns.serve;

import dev.weft.agent.Log;
import dev.weft.linux.LinuxException;
import dev.weft.linux.UdpServerSocket;
import dev.weft.linux.UdpServerSocket.ReturnPath;
import dev.weft.net.Ip;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

/** One socket and the thread that answers what comes to it. */
public final class UdpLoop implements AutoCloseable {
    private static final Log LOG = Log.of("udp");
    private static final int BATCH = 32;
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final UdpServerSocket socket;
    private final Responder responder;
    private final Later later;
    private final Thread thread;
    private volatile boolean closed;

    private UdpLoop(UdpServerSocket socket, Responder responder, Later later, String name) {
        this.socket = socket;
        this.responder = responder;
        this.later = later;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    /**
     * Opens a socket and answers, from now on.
     *
     * @param number of the loop, for names
     * @throws LinuxException as {@link UdpServerSocket#open}
     */
    public static UdpLoop start(Ip bind, int port, int number, Supplier<Serving> serving, Tally tally, Later later) {
        UdpServerSocket socket = UdpServerSocket.open(bind, port, BATCH, Responder.UDP_BYTES, PATIENCE);
        UdpLoop loop = new UdpLoop(socket, new Responder(serving, tally), later, "dns-udp-" + number);
        loop.thread.start();
        return loop;
    }

    private void run() {
        byte[] packet = new byte[Responder.UDP_BYTES];
        byte[] out = new byte[Responder.MOST_BYTES];
        while (!closed) {
            try {
                int count = socket.receive();
                for (int i = 0; i < count; i++) {
                    serve(i, packet, out);
                }
                socket.flush();
            } catch (LinuxException e) {
                LOG.error("receiving failed; going on", e);
            } catch (RuntimeException e) {
                LOG.error("a question brought up a fault; going on", e);
            }
        }
    }

    private void serve(int i, byte[] packet, byte[] out) {
        int length = socket.read(i, packet);
        if (socket.isCut(i)) {
            return; // no question is that long
        }
        int answer = responder.respond(packet, length, out, false);
        if (answer > 0) {
            socket.reply(i, out, answer);
        } else if (answer == Responder.ASK_OTHERS) {
            later.ask(
                    Arrays.copyOf(packet, length),
                    new Waiting(socket, socket.returnPath(i), Responder.udpLimit(responder.question())));
        }
    }

    private record Waiting(UdpServerSocket socket, ReturnPath path, int limit) implements Later.Client {
        @Override
        public Ip ip() {
            return path.ip();
        }

        @Override
        public boolean tcp() {
            return false;
        }

        @Override
        public void answer(byte[] message, int length) {
            try {
                socket.send(path, message, length);
            } catch (LinuxException | IllegalStateException e) {
                LOG.debug("an answer was not sent", "to", path.ip(), "error", e.toString());
            }
        }
    }

    /** Answers that the kernel did not take. */
    public long failures() {
        return socket.failures();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
    }
}
