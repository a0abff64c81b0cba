package dev.weft.cni.probe;

import dev.weft.agent.Heartbeat;
import dev.weft.agent.Log;
import dev.weft.agent.TimeSource;
import dev.weft.cni.routes.Learned;
import dev.weft.cni.routes.Peer;
import dev.weft.config.NodeStatus;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * Asks other nodes and answers them, on one thread, through the sockets of the probe endpoint. A round asks each target
 * twice: with a small packet and with the largest that should pass, neither to be fragmented.
 */
public final class Prober implements AutoCloseable {
    private static final Log LOG = Log.of("probe");

    /** An answer that takes longer is of no use to a pod either. */
    private static final Duration ROUND = Duration.ofMillis(800);

    private static final Duration LIVENESS = Duration.ofSeconds(60);
    private static final int UDP_HEADER = 8;

    private final String self;
    private final IntSupplier podMtu;
    private final TimeSource time;
    private final Callbacks callbacks;
    private final TcpEcho echo;
    private final TcpCheck tcp;
    private final ChecksumJudge judge;
    private final ProbeBook book = new ProbeBook();
    private final ProbeSockets sockets;
    private final Responder responder;
    private final Heartbeat heartbeat;
    private final Thread thread;
    private final ByteBuffer received = ByteBuffer.allocateDirect(1 << 16);
    private final long nonce;
    private final long started;
    private volatile boolean closed;
    private long sequence;
    private long roundBegan;
    private boolean inRound;
    private long nextRound;

    /** Whether the log says that something fails; empty before it said anything. */
    private Optional<Boolean> reported = Optional.empty();

    /** What the prober asks of its surroundings; on its thread. */
    interface Callbacks {
        /** Channels of the endpoint's namespace. */
        List<SocketChannel> openTcp(int count) throws IOException;

        /** What the latest round taught. */
        void learned(Learned now);

        /** The kernel holds a packet for too long, perhaps from a path MTU that it remembers. */
        void tooLong();
    }

    /**
     * @param self name of this node
     * @param podNetwork whose questions are answered
     * @param podMtu bytes that pods of this node take in one packet
     * @param known what an earlier process learned
     * @param sockets of the probe endpoint; closed with this
     */
    Prober(
            String self,
            List<Cidr> podNetwork,
            IntSupplier podMtu,
            Learned known,
            ProbeSockets sockets,
            TimeSource time,
            RandomGenerator random,
            Callbacks callbacks) {
        this.self = self;
        this.podMtu = podMtu;
        this.time = time;
        this.callbacks = callbacks;
        this.sockets = sockets;
        this.started = time.nanos();
        this.nextRound = started;
        this.nonce = random.nextLong();
        this.responder = new Responder(podNetwork, podMtu, started);
        this.echo = new TcpEcho(podNetwork);
        this.tcp = new TcpCheck(sockets.selector(), book::tcpEnded);
        this.judge = new ChecksumJudge(known.checksumTrouble());
        this.heartbeat = new Heartbeat(time, LIVENESS);
        this.thread = Thread.ofPlatform().daemon().name("probe").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Sets the nodes from which the sample is taken; any thread. */
    public void peers(Collection<Peer> peers) {
        book.targets(ProbeTarget.sample(self, peers));
        sockets.selector().wakeup();
    }

    /** The results so far; any thread. */
    public List<NodeStatus.Probe> results() {
        return book.results();
    }

    public Heartbeat heartbeat() {
        return heartbeat;
    }

    private void run() {
        while (!closed) {
            try {
                heartbeat.beat();
                turn();
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.warn("probe turn failed", e);
                }
            }
        }
    }

    private void turn() throws IOException {
        long now = time.nanos();
        echo.expire(now);
        tcp.expire(now);
        if (inRound && (book.allAnswered() || now - roundBegan >= ROUND.toNanos())) {
            endRound();
        }
        if (!inRound && now - nextRound >= 0) {
            beginRound(now);
        }
        long until = inRound ? roundBegan + ROUND.toNanos() : nextRound;
        sockets.selector().select(this::receive, Math.max(1, (until - time.nanos()) / 1_000_000));
    }

    private void beginRound(long now) throws IOException {
        inRound = true;
        roundBegan = now;
        book.roundBegins();
        Map<String, Integer> mtus = book.peerMtus();
        boolean refused = false;
        for (ProbeTarget target : book.targets()) {
            int header = target.family() == Family.IPV4 ? 20 : 40;
            int full = Math.min(podMtu.getAsInt(), mtus.getOrDefault(target.node(), podMtu.getAsInt()));
            refused |= !ask(target, false, header + UDP_HEADER + ProbeMessage.HEADER);
            refused |= !ask(target, true, full);
        }
        if (refused) {
            callbacks.tooLong();
        }
        checkTcp(now);
    }

    private void checkTcp(long now) throws IOException {
        List<ProbeTarget> idle = book.targets().stream()
                .filter(target ->
                        !tcp.isChecking(target) && sockets.own(target.family()).isPresent())
                .toList();
        List<SocketChannel> channels = idle.isEmpty() ? List.of() : callbacks.openTcp(idle.size());
        for (int i = 0; i < channels.size(); i++) {
            ProbeTarget target = idle.get(i);
            try {
                tcp.begin(target, sockets.own(target.family()).orElseThrow(), channels.get(i), now);
            } catch (IOException e) {
                LOG.debug("TCP check not begun", "to", target.address(), "why", String.valueOf(e.getMessage()));
            }
        }
    }

    private void endRound() {
        inRound = false;
        book.roundEnds();
        judge.look(book.evidence()).ifPresent(without -> {
            LOG.warn("hardware checksums in the tunnel", "use", !without);
            book.forgetTcp();
        });
        callbacks.learned(new Learned(book.peerMtus(), judge.without()));
        boolean failing = book.anyFailing();
        if (reported.filter(known -> known == failing).isEmpty()) {
            reported = Optional.of(failing);
            book.results().stream()
                    .filter(probe -> !probe.ok())
                    .forEach(probe -> LOG.warn(
                            "probe fails", "node", probe.node(), "family", probe.family(), "why", probe.message()));
            if (!failing) {
                LOG.info("all probed nodes answer", "probes", book.results().size());
            }
        }
        nextRound = roundBegan
                + ProbeSchedule.interval(time.since(started), failing).toNanos();
    }

    /** False if the kernel refused for the packet's length. */
    private boolean ask(ProbeTarget target, boolean full, int packetBytes) {
        Optional<DatagramChannel> channel = sockets.asker(target.family());
        if (channel.isEmpty()) {
            book.refused(target, "this node has no podCIDR in that family");
            return true;
        }
        int header = target.family() == Family.IPV4 ? 20 : 40;
        long number = ++sequence;
        book.asked(number, target, full, packetBytes);
        ProbeMessage question =
                new ProbeMessage(ProbeMessage.Type.QUESTION, podMtu.getAsInt(), number, time.nanos(), nonce);
        try {
            channel.get()
                    .send(
                            question.encode(packetBytes - header - UDP_HEADER),
                            new InetSocketAddress(target.address().toInetAddress(), ProbeSockets.PORT));
            return true;
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            book.refused(target, why);
            LOG.debug("probe not sent", "node", target.node(), "to", target.address(), "why", why);
            return !why.contains("Message too long");
        }
    }

    private void receive(SelectionKey key) {
        try {
            if (key.attachment() instanceof Ready ready) {
                ready.ready(key);
            } else if (key.attachment() == ProbeSockets.Role.ACCEPT) {
                echo.accept(key, time.nanos());
            } else {
                receive(key, (DatagramChannel) key.channel());
            }
        } catch (IOException | CancelledKeyException e) {
            LOG.debug("connection or datagram lost", "why", String.valueOf(e.getMessage()));
        }
    }

    private void receive(SelectionKey key, DatagramChannel channel) throws IOException {
        while (true) {
            received.clear();
            InetSocketAddress source = (InetSocketAddress) channel.receive(received);
            if (source == null) {
                return;
            }
            received.flip();
            if (key.attachment() == ProbeSockets.Role.ASK) {
                answered();
            } else {
                answer(channel, source);
            }
        }
    }

    private void answered() {
        ProbeMessage.decode(received)
                .filter(message -> message.type() == ProbeMessage.Type.ANSWER && message.nonce() == nonce)
                .ifPresent(answer -> book.answered(answer, time.now(), time.since(answer.askedNanos())));
    }

    private void answer(DatagramChannel channel, InetSocketAddress source) throws IOException {
        Optional<ByteBuffer> answer = responder.answer(received, Ip.of(source.getAddress()), time.nanos());
        if (answer.isPresent()) {
            channel.send(answer.get(), source);
        }
    }

    /** Ends the thread and closes the sockets; waits up to 5 s. */
    @Override
    public void close() {
        closed = true;
        sockets.selector().wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
            tcp.close();
            sockets.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("probe sockets not closed", e);
        }
    }
}
