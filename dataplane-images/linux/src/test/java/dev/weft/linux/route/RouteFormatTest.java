package dev.weft.linux.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import dev.weft.testkit.Golden;
import dev.weft.testkit.Seeded;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that go to the kernel, bytes that come from it, without a kernel. */
class RouteFormatTest {
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0a");

    private static void golden(String name, Change change) {
        NetlinkMessage message = change.message();
        assertThat(message.flags() & ~0x700).isZero();
        Golden.assertMatches("route/" + name + ".hex", message.payload());
    }

    @Test
    void changesAreTheseBytes() {
        VethPair pair = new VethPair(
                new VethPair.End("weft0123456789a", MAC, 1450),
                new VethPair.End("eth0", Optional.empty(), 1450, OptionalInt.of(2)));
        golden("veth", pair.create());
        golden(
                "vxlan",
                new Vxlan(4096, 4789, Optional.of(Ip.parse("192.0.2.1")), 2, false, true)
                        .create("weft-vxlan", MAC, 1450));
        golden("link-up", LinkChange.of("eth0").up().mtu(1400).change());
        golden("link-delete", LinkChange.delete(7));
        golden("link-no-link-local", LinkChange.withoutLinkLocal(7));
        golden("address", Address.host(7, Ip.parse("fd00::5")).add());
        Route route = Route.via(Cidr.parse("10.244.2.0/24"), Ip.parse("10.244.2.0"), 7)
                .withOnlink()
                .protocol(87)
                .mtu(1400);
        golden("route", route.replace());
        golden("route-delete", route.delete());
        golden("neighbour", Neighbour.permanent(7, Ip.parse("10.244.2.0"), MAC).replace());
        golden("fdb", FdbEntry.permanent(7, MAC, Ip.parse("192.0.2.2")).replace());
        golden("tbf", Tbf.ofBits(10_000_000, 100_000, Duration.ofMillis(25)).replace(7));
    }

    @Test
    void decodeOfEncodeIsTheIdentity() {
        Seeded.loop(2000, random -> {
            Route route = route(random);
            assertThat(Route.decode(route.add().message())).contains(route);
            Neighbour neighbour = Neighbour.permanent(1 + random.nextInt(99), ip(random), mac(random));
            assertThat(Neighbour.decode(neighbour.add().message())).contains(neighbour);
            FdbEntry entry = FdbEntry.permanent(1 + random.nextInt(99), mac(random), ip(random));
            assertThat(FdbEntry.decode(entry.add().message())).contains(entry);
            Address address = Address.host(1 + random.nextInt(99), ip(random));
            assertThat(Address.decode(address.add().message())).contains(address);
            Vxlan vxlan = new Vxlan(
                    random.nextInt(1 << 24),
                    random.nextInt(1 << 16),
                    Optional.of(ip(random)),
                    random.nextInt(99),
                    random.nextBoolean(),
                    random.nextBoolean());
            Link link = Link.decode(vxlan.create("vx", MAC, 1450).message()).orElseThrow();
            assertThat(link.vxlan()).contains(vxlan);
        });
    }

    private static Route route(Random random) {
        Ip base = ip(random);
        Cidr destination = Cidr.containing(base, random.nextInt(base.family().bits() + 1));
        Ip gateway = base.family() == Family.IPV4 ? ip(random, 4) : ip(random, 16);
        int link = 1 + random.nextInt(99);
        Route route = random.nextBoolean() ? Route.via(destination, gateway, link) : Route.direct(destination, link);
        return (random.nextBoolean() ? route.withOnlink() : route)
                .protocol(random.nextInt(256))
                .metric(random.nextInt(1 << 30))
                .mtu(random.nextInt(9000))
                .table(1 + random.nextInt(1000));
    }

    private static Ip ip(Random random) {
        return ip(random, random.nextBoolean() ? 4 : 16);
    }

    private static Ip ip(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Ip.of(bytes);
    }

    private static MacAddress mac(Random random) {
        byte[] bytes = new byte[6];
        random.nextBytes(bytes);
        return MacAddress.of(bytes);
    }

    @Test
    void noBytesBreakTheDecoders() {
        List<NetlinkMessage> good = List.of(
                Route.via(Cidr.parse("fd00::/64"), Ip.parse("fe80::1"), 7)
                        .mtu(9000)
                        .add()
                        .message(),
                Neighbour.permanent(7, Ip.parse("10.0.0.1"), MAC).add().message(),
                FdbEntry.permanent(7, MAC, Ip.parse("10.0.0.1")).add().message(),
                Address.host(7, Ip.parse("10.0.0.1")).add().message(),
                new Vxlan(1, 2, Optional.of(Ip.parse("::1")), 3, true, true)
                        .create("vx", MAC, 1)
                        .message(),
                Tbf.ofBits(8, 100, Duration.ofSeconds(1)).add(7).message());
        Seeded.loop(30_000, random -> {
            byte[] bytes = good.get(random.nextInt(good.size())).payload().clone();
            for (int i = random.nextInt(5); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            bytes = Arrays.copyOf(bytes, bytes.length - random.nextInt(8));
            DecodersFuzzTest.decodeAll(bytes);
        });
    }

    @Test
    void numbersThatCannotBeAreRefused() {
        assertThatThrownBy(() -> Link.decode(new NetlinkMessage(16, 0, new byte[15])))
                .isInstanceOf(NetlinkFormatException.class);
        assertThatThrownBy(() -> LinkChange.of("a/b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LinkChange.of("1234567890123456")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LinkChange.of("eth0").name("eth1")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Tbf(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Vxlan(1 << 24, 1, Optional.empty(), 0, false, true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
