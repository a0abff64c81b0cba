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
    private final Supplier<Serving> serving;
    private final Responder responder;
    private final Tally tally;
    private final Tally late;
    private final Later later;
    private final Thread thread;
    private volatile boolean closed;

    private UdpLoop(
            UdpServerSocket socket, Supplier<Serving> serving, Tally tally, Tally late, Later later, String name) {
        this.socket = socket;
        this.serving = serving;
        this.responder = new Responder(serving, tally);
        this.tally = tally;
        this.late = late;
        this.later = later;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    /**
     * Opens a socket and answers, from now on.
     *
     * @param number of the loop, for names
     * @param tally of this loop's thread
     * @param late of answers that others gave, on any thread
     * @throws LinuxException as {@link UdpServerSocket#open}
     */
    public static UdpLoop start(
            Ip bind, int port, int number, Supplier<Serving> serving, Tally tally, Tally late, Later later) {
        UdpServerSocket socket = UdpServerSocket.open(bind, port, BATCH, Responder.UDP_BYTES, PATIENCE);
        UdpLoop loop = new UdpLoop(socket, serving, tally, late, later, "dns-udp-" + number);
        loop.thread.start();
        return loop;
    }

    private void run() {
        byte[] packet = new byte[Responder.UDP_BYTES];
        byte[] out = new byte[Responder.MOST_BYTES];
        while (!closed) {
            try {
                int count = socket.receive();
                if (count == 0) {
                    continue;
                }
                long began = System.nanoTime();
                boolean logged = serving.get().queryLog();
                int answers = 0;
                for (int i = 0; i < count; i++) {
                    answers += serve(i, packet, out, logged, began);
                }
                socket.flush();
                tally.took(answers, System.nanoTime() - began);
            } catch (LinuxException e) {
                LOG.error("receiving failed; going on", e);
            } catch (RuntimeException e) {
                LOG.error("a question brought up a fault; going on", e);
            }
        }
    }

    /** Returns how many answers there are: one or none. */
    private int serve(int i, byte[] packet, byte[] out, boolean logged, long began) {
        int length = socket.read(i, packet);
        if (socket.isCut(i)) {
            return 0; // no question is that long
        }
        int answer = responder.respond(packet, length, out, false, socket.isIpv4(i));
        if (answer == Responder.ASK_OTHERS) {
            int limit = Responder.udpLimit(responder.question());
            later.ask(Arrays.copyOf(packet, length), new Waiting(socket, socket.returnPath(i), limit, late, began));
            return 0;
        }
        if (answer <= 0) {
            return 0;
        }
        socket.reply(i, out, answer);
        if (logged) {
            QueryLog.answered(socket.returnPath(i).ip(), false, responder.question(), out, answer);
        }
        return 1;
    }

    private record Waiting(UdpServerSocket socket, ReturnPath path, int limit, Tally late, long began)
            implements Later.Client {
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
            late.response(message[3] & 15, length);
            late.took(1, System.nanoTime() - began);
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

    /** Takes no more questions; those that others were asked about are still answered. */
    public void stop() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        socket.close();
    }
}
