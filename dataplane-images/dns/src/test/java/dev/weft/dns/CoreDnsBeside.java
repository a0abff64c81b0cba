package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.config.DnsConfig;
import dev.weft.dns.forward.FakeUpstream;
import dev.weft.kube.KubeConfig;
import dev.weft.net.Ip;
import dev.weft.testkit.FreePort;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * CoreDNS and Weft watching one API server, which both are led to by {@code kubectl proxy}. Needs {@code KUBE_API_TEST_DIR}
 * (as make test sets it) and {@code WEFT_COREDNS}: where an API server and CoreDNS 1.14.7 are.
 */
final class CoreDnsBeside implements Closeable {
    private final Path folder;
    private final List<Closeable> open = new ArrayList<>();
    private int ours;
    private int theirs;
    private int proxy;

    /** Neither knows anything yet. */
    private CoreDnsBeside(Path folder) {
        this.folder = folder;
    }

    /** Starts both, and waits until they know the objects; skips the test where there are no programs. */
    static CoreDnsBeside start(Path folder, CoreDnsObjects objects) throws Exception {
        String programs = System.getenv("KUBE_API_TEST_DIR");
        String coreDns = System.getenv("WEFT_COREDNS");
        assumeTrue(programs != null && coreDns != null, "no API server or no CoreDNS to compare with");
        CoreDnsBeside beside = new CoreDnsBeside(folder);
        boolean done = false;
        try {
            beside.start(Path.of(String.valueOf(programs)), String.valueOf(coreDns), objects);
            done = true;
        } finally {
            if (!done) {
                beside.close();
            }
        }
        return beside;
    }

    private void start(Path programs, String coreDns, CoreDnsObjects objects) throws Exception {
        KubeAPIServer api = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(programs.toString())
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .build());
        api.start();
        open.add(api::stop);
        Path kubeConfig = Files.writeString(folder.resolve("kubeconfig"), api.getKubeConfigYaml());
        String kubectl = kubectl(programs);
        Path file = Files.writeString(folder.resolve("objects.yaml"), objects.yaml());
        Process apply = run(kubectl, "--kubeconfig=" + kubeConfig, "apply", "-f", file.toString());
        assertThat(apply.waitFor()).as(Files.readString(folder.resolve("log"))).isZero();
        proxy = FreePort.next();
        start(kubectl, "--kubeconfig=" + kubeConfig, "proxy", "--port=" + proxy);
        FakeUpstream upstream = new FakeUpstream(CoreDnsBeside::upstream);
        open.add(upstream::close);

        theirs = FreePort.next();
        Path corefile = Files.writeString(folder.resolve("Corefile"), """
                .:%d {
                    bind 127.0.0.1
                    kubernetes cluster.local in-addr.arpa ip6.arpa {
                        endpoint http://127.0.0.1:%d
                        pods insecure
                        ttl 30
                        fallthrough in-addr.arpa ip6.arpa
                    }
                    forward . 127.0.0.1:%d
                    loadbalance
                }
                """.formatted(theirs, proxy, upstream.port()));
        start(coreDns, "-conf", corefile.toString());
        ours = weft(upstream.port());
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> bothKnow());
    }

    /** Weft's port. */
    int ours() {
        return ours;
    }

    /** CoreDNS' port. */
    int theirs() {
        return theirs;
    }

    /** The API server without TLS. */
    URI api() {
        return URI.create("http://127.0.0.1:" + proxy);
    }

    /** Before it has read everything, Weft denies nothing. */
    private boolean bothKnow() throws IOException {
        for (String name : List.of("web.shop.svc.cluster.local.", "nothing.cluster.local.")) {
            Message question = Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
            int rcode = name.startsWith("web") ? Rcode.NOERROR : Rcode.NXDOMAIN;
            if (ask(ours, question, false).getRcode() != rcode
                    || ask(theirs, question, false).getRcode() != rcode) {
                return false;
            }
        }
        return true;
    }

    private int weft(int upstream) throws IOException {
        int port = FreePort.next();
        URI server = URI.create("http://127.0.0.1:" + proxy);
        Ip loopback = Ip.parse("127.0.0.1");
        DnsConfig config = new DnsConfig(
                List.of(server),
                "cluster.local",
                30,
                DnsConfig.PodsMode.INSECURE,
                "kube-system/kube-dns",
                List.of(loopback),
                port,
                List.of(new DnsConfig.Upstream(DnsConfig.Protocol.UDP, loopback, upstream, "")),
                List.of(),
                List.of(),
                DnsConfig.Cache.DEFAULT,
                1000,
                false,
                false);
        DnsServer weft = new DnsServer(
                new ConfigFile.Content(config, ""),
                KubeConfig.anonymous(List.of(server)),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Path.of("/etc/resolv.conf"),
                "test");
        open.add(weft::close);
        return port;
    }

    static Message ask(int port, Message question, boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        resolver.setTCP(tcp);
        resolver.setIgnoreTruncation(true);
        resolver.setEDNS(-1);
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver.send(question);
    }

    /** One address for every name, whatever is asked. */
    private static List<byte[]> upstream(Message query) {
        try {
            Message answer = new Message(query.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.getHeader().setFlag(Flags.RA);
            answer.addRecord(query.getQuestion(), Section.QUESTION);
            if (query.getQuestion().getType() == Type.A) {
                answer.addRecord(
                        new ARecord(query.getQuestion().getName(), DClass.IN, 60, InetAddress.getByAddress(new byte[] {
                            (byte) 192, 0, 2, 1
                        })),
                        Section.ANSWER);
            }
            return List.of(answer.toWire());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String kubectl(Path programs) throws IOException {
        try (var files = Files.walk(programs)) {
            return files.filter(path -> path.endsWith("kubectl"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    private void start(String... command) throws IOException {
        Process process = run(command);
        open.add(process::destroy);
    }

    private Process run(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    @Override
    public void close() throws IOException {
        for (Closeable part : open.reversed()) {
            part.close();
        }
    }
}
