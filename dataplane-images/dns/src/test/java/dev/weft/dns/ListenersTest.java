package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dns.serve.AnswerCache;
import dev.weft.dns.serve.Later;
import dev.weft.dns.serve.Serving;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.NameTable;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import dev.weft.net.Ip;
import dev.weft.testkit.FreePort;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stopping: who has asked still gets an answer. */
class ListenersTest {
    private static final byte[] QUERY = Question.query(7, DnsName.parse("www.example.com"), 1, false);

    /** A question that was passed on. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asked(byte[] query, Later.Client client) {
        void answer() {
            byte[] answer = query.clone();
            answer[2] |= (byte) 0x80;
            client.answer(answer, answer.length);
        }
    }

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private Listeners listeners;
    private int port;

    @BeforeEach
    void start() throws IOException {
        port = FreePort.next();
        ClusterZone zone = Objects.zone(PodsMode.DISABLED);
        zone.complete();
        Serving serving = new Serving(zone, new NameTable(), AnswerCache.NONE, false, false);
        listeners = new Listeners(
                List.of(Ip.parse("127.0.0.1")),
                port,
                2,
                () -> serving,
                (query, client) -> asked.add(new Asked(query, client)));
    }

    @AfterEach
    void stop() throws IOException {
        listeners.close();
    }

    private Asked passedOn() throws InterruptedException {
        return Assertions.assertThatObject(asked.poll(10, TimeUnit.SECONDS))
                .isNotNull()
                .actual();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void ask(Socket socket) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(QUERY.length);
        out.write(QUERY);
    }

    @Test
    void whatWasAskedIsAnsweredAfterTheStop() throws Exception {
        try (Socket tcp = connect();
                Socket idle = connect();
                DatagramSocket udp = new DatagramSocket()) {
            ask(tcp);
            Asked overTcp = passedOn();
            udp.setSoTimeout(10_000);
            udp.send(new DatagramPacket(
                    QUERY, QUERY.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            Asked overUdp = passedOn();

            listeners.stop();

            assertThat(idle.getInputStream().read()).as("the end").isEqualTo(-1);
            Assertions.assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
            overTcp.answer();
            overUdp.answer();
            DataInputStream in = new DataInputStream(tcp.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            assertThat(answer[2] & 0x80).isEqualTo(0x80);
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            udp.receive(packet);
            assertThat(Arrays.copyOf(packet.getData(), 2)).isEqualTo(Arrays.copyOf(QUERY, 2));
        }
    }

    @Test
    void aClientThatAsksNoMoreStillGetsItsAnswers() throws Exception {
        try (Socket socket = connect()) {
            ask(socket);
            ask(socket);
            socket.shutdownOutput();
            Asked first = passedOn();
            Asked second = passedOn();
            second.answer();
            first.answer();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 2; i++) {
                in.readFully(new byte[in.readUnsignedShort()]);
            }
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void bothWaysAreCounted() throws Exception {
        try (Socket socket = connect()) {
            ask(socket);
            passedOn().answer();
            new DataInputStream(socket.getInputStream()).readUnsignedShort();
        }
        assertThat(listeners.tcpTally().responses(0)).isEqualTo(1);
        assertThat(listeners.tcpTally().requests(0, 0)).isEqualTo(1);
    }
}
