package dev.weft.dns;

import dev.weft.agent.Log;
import dev.weft.dns.serve.Later;
import dev.weft.dns.serve.Serving;
import dev.weft.dns.serve.Tally;
import dev.weft.dns.serve.TcpServer;
import dev.weft.dns.serve.UdpLoop;
import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.net.Ip;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The sockets of a server: for each address one for TCP and as many for UDP as there are threads to answer. */
final class Listeners implements AutoCloseable {
    private static final Log LOG = Log.of("dns");
    private static final Ip ANY = Ip.parse("::");
    private static final Ip ANY_IPV4 = Ip.parse("0.0.0.0");

    private final List<UdpLoop> udp = new ArrayList<>();
    private final List<TcpServer> tcp = new ArrayList<>();
    private final List<Tally> udpTallies = new ArrayList<>();
    private final Tally tcpTally = Tally.shared();
    private final Tally udpLate = Tally.shared();

    /**
     * Opens all sockets, or none.
     *
     * @param threads for each address
     * @throws IOException or LinuxException if an address cannot be bound
     */
    Listeners(List<Ip> addresses, int port, int threads, Supplier<Serving> serving, Later later) throws IOException {
        boolean done = false;
        try {
            for (Ip address : addresses) {
                open(address, port, threads, serving, later);
            }
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
        LOG.info("serving", "addresses", addresses, "port", port, "threads", threads);
    }

    private void open(Ip address, int port, int threads, Supplier<Serving> serving, Later later) throws IOException {
        Ip bound = address;
        for (int i = 0; i < threads; i++) {
            Tally tally = Tally.ofThread();
            int number = udp.size();
            try {
                udp.add(UdpLoop.start(bound, port, number, serving, tally, udpLate, later));
            } catch (LinuxException e) {
                if (e.errno() != Errno.EAFNOSUPPORT || !bound.equals(ANY)) {
                    throw e;
                }
                bound = ANY_IPV4; // a kernel without IPv6
                udp.add(UdpLoop.start(bound, port, number, serving, tally, udpLate, later));
            }
            udpTallies.add(tally);
        }
        tcp.add(TcpServer.start(bound, port, serving, tcpTally, later));
    }

    /** Of each thread, and of answers that were given later. */
    List<Tally> udpTallies() {
        List<Tally> all = new ArrayList<>(udpTallies);
        all.add(udpLate);
        return List.copyOf(all);
    }

    Tally tcpTally() {
        return tcpTally;
    }

    /** Takes no more questions; what was asked is still answered until {@link #close}. */
    void stop() throws IOException {
        for (TcpServer server : tcp) {
            server.stop();
        }
        udp.forEach(UdpLoop::stop);
    }

    @Override
    public void close() throws IOException {
        for (TcpServer server : tcp) {
            server.close();
        }
        udp.forEach(UdpLoop::close);
    }
}
