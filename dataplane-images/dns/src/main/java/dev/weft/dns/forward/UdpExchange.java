package dev.weft.dns.forward;

import dev.weft.dns.wire.Reply;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Asks over UDP, with a socket for each question: the kernel chooses its port at random and takes packets from the server
 * alone, so that whoever wants to forge an answer has to guess port and id (RFC 5452).
 */
final class UdpExchange implements Exchange {
    private static final int MOST_BYTES = 4096;

    private final InetSocketAddress server;
    private final Exchange forLong;

    /** @param forLong asked again if the answer is cut */
    UdpExchange(InetSocketAddress server, Exchange forLong) {
        this.server = server;
        this.forLong = forLong;
    }

    @Override
    public Reply ask(byte[] query, int questionEnd, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.send(new DatagramPacket(query, query.length));
            byte[] buffer = new byte[MOST_BYTES];
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            while (true) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw late(patience);
                }
                socket.setSoTimeout((int) left);
                packet.setLength(buffer.length);
                try {
                    socket.receive(packet);
                } catch (SocketTimeoutException e) {
                    throw late(patience);
                }
                if (!Reply.answers(buffer, packet.getLength(), query, questionEnd)) {
                    continue; // of another question: late, or forged
                }
                Reply reply = Reply.read(buffer, packet.getLength());
                return reply.isTruncated() ? forLong.ask(query, questionEnd, patience) : reply;
            }
        }
    }

    private SocketTimeoutException late(Duration patience) {
        return new SocketTimeoutException("no answer from " + server + " in " + patience.toMillis() + " ms");
    }

    @Override
    public void close() {
        forLong.close();
    }
}
