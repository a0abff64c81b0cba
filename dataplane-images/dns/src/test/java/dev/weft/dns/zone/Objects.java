package dev.weft.dns.zone;

import dev.weft.dns.cluster.EndpointSlice;
import dev.weft.dns.cluster.Service;
import dev.weft.dns.wire.DnsName;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Objects for tests, in few words. */
public final class Objects {
    private Objects() {}

    public static ZoneOptions options(PodsMode pods) {
        return new ZoneOptions(DnsName.parse("cluster.local"), 30, pods, key("kube-system/kube-dns"));
    }

    public static ClusterZone zone(PodsMode pods) {
        return new ClusterZone(options(pods), () -> Instant.ofEpochSecond(1_800_000_000));
    }

    public static ObjectKey key(String text) {
        return new ObjectKey(text.substring(0, text.indexOf('/')), text.substring(text.indexOf('/') + 1));
    }

    /** @param ports such as {@code http/tcp/80} */
    public static List<Service.Port> ports(String... ports) {
        return ports.length == 0
                ? List.of(Service.NO_PORT)
                : Arrays.stream(ports)
                        .map(text -> text.split("/"))
                        .map(parts -> new Service.Port(parts[0], parts[1], Integer.parseInt(parts[2])))
                        .toList();
    }

    /** @param ips comma-separated; {@code None} for headless */
    public static Service service(String key, String ips, String... ports) {
        boolean headless = ips.equals("None");
        return new Service(key(key), headless ? List.of() : ips(ips), headless, "", false, ports(ports));
    }

    public static Service external(String key, String target) {
        return new Service(key(key), List.of(), false, target, false, ports());
    }

    /** @param endpoints such as {@code 10.0.0.1}, {@code web-0=10.0.0.1}, with {@code !} before it not ready */
    public static EndpointSlice slice(String key, String service, List<Service.Port> ports, String... endpoints) {
        return new EndpointSlice(
                key(key),
                key(service),
                Arrays.stream(endpoints).map(Objects::endpoint).toList(),
                ports,
                0);
    }

    private static EndpointSlice.Endpoint endpoint(String text) {
        boolean ready = !text.startsWith("!");
        String bare = ready ? text : text.substring(1);
        int is = bare.indexOf('=');
        return new EndpointSlice.Endpoint(ips(bare.substring(is + 1)), is < 0 ? "" : bare.substring(0, is), ready);
    }

    public static List<Ip> ips(String text) {
        return Arrays.stream(text.split(",")).map(Ip::parse).toList();
    }

    public static void put(ClusterZone zone, Service service) {
        zone.service(service.key(), Optional.of(service));
    }
}
