package dev.weft.nftables;

import static dev.weft.nftables.Nft.ipDaddr;
import static dev.weft.nftables.Nft.ipSaddr;
import static dev.weft.nftables.Nft.masquerade;
import static dev.weft.nftables.Nft.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.NetlinkMessage;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.testkit.Golden;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EncoderTest {
    @Test
    void bytes_of_a_batch() {
        NftSet cluster = NftSet.set("cluster", DataType.IPV4_ADDR).interval();
        Ruleset desired = Ruleset.of(Table.inet("weft-cni"))
                .set(cluster, Element.of(Cidr.parse("10.244.0.0/16")).comment("pods"))
                .chain(
                        Chain.base("postrouting", Hook.Type.NAT, Hook.Point.POSTROUTING, Hook.SRCNAT),
                        rule(ipSaddr().in(cluster), ipDaddr().notIn(cluster), masquerade())
                                .comment("leaves the cluster"))
                .build();
        Encoder batch = Encoder.encode(Diff.between(Optional.empty(), desired));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (NetlinkMessage message : batch.messages()) {
            out.write(message.type() >> 8);
            out.write(message.type());
            out.write(message.flags() >> 8);
            out.write(message.flags());
            out.writeBytes(message.payload());
        }
        Golden.assertMatches("netlink/masquerade.hex", out.toByteArray());
    }

    @Test
    void lists_of_elements_stay_below_64_KiB_and_lose_none() {
        NftSet set = NftSet.set("s", DataType.IPV6_ADDR).interval();
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            Ip first = Ip.parse("fd00::").plus(16L * i);
            elements.add(Element.range(Data.of(first), Data.of(first.plus(7))).comment("c".repeat(127)));
        }
        Table table = Table.inet("t");
        Encoder batch = Encoder.encode(Transaction.of(table, new Operation.AddElements(set, elements)));
        List<NetlinkMessage> lists =
                batch.messages().subList(1, batch.messages().size() - 1);
        assertThat(lists)
                .hasSizeGreaterThan(10)
                .allSatisfy(message -> assertThat(message.length()).isLessThan(65_600));
        assertThat(new Decoder(table).elements(set, lists)).containsExactlyElementsOf(elements);
    }
}
