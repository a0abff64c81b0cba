package dev.weft.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.testkit.Seeded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reading what was written gives the same values, and reading anything else harms nothing. */
class CodecTest {
    private static final Table TABLE = RandomRulesets.TABLE;

    @Test
    void decoding_what_was_encoded_is_the_identity() {
        Seeded.loop(500, random -> {
            Ruleset ruleset = new RandomRulesets(random).next();
            Decoder decoder = new Decoder(TABLE);
            for (Operation operation : Diff.between(Optional.empty(), ruleset).operations()) {
                List<NetlinkMessage> messages = messages(operation);
                switch (operation) {
                    case Operation.AddChain(Chain chain) ->
                        assertThat(decoder.chain(messages.getFirst())).contains(chain);
                    case Operation.AddSet(NftSet set) ->
                        assertThat(decoder.set(messages.getFirst())).contains(set);
                    case Operation.AddRule(String chain, Rule rule) ->
                        assertThat(decoder.rule(messages.getFirst())).contains(new Decoder.ChainRule(chain, rule));
                    case Operation.AddElements(NftSet set, List<Element> elements) ->
                        assertThat(Ruleset.index(decoder.elements(set, messages)))
                                .isEqualTo(Ruleset.index(elements));
                    default -> {}
                }
            }
        });
    }

    @Test
    void changed_bytes_are_read_as_something_or_refused() {
        Seeded.loop(300, random -> {
            Ruleset ruleset = new RandomRulesets(random).next();
            for (Operation operation : Diff.between(Optional.empty(), ruleset).operations()) {
                for (NetlinkMessage message : messages(operation)) {
                    decodeAll(ruleset, mutated(random, message));
                }
            }
        });
    }

    private static List<NetlinkMessage> messages(Operation operation) {
        List<NetlinkMessage> all =
                Encoder.encode(Transaction.of(TABLE, operation)).messages();
        return new ArrayList<>(all.subList(1, all.size() - 1));
    }

    private static NetlinkMessage mutated(Random random, NetlinkMessage message) {
        byte[] bytes = message.payload().clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        int length = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length;
        return new NetlinkMessage(message.type(), 0, Arrays.copyOf(bytes, length));
    }

    static void decodeAll(Ruleset ruleset, NetlinkMessage message) {
        Decoder decoder = new Decoder(TABLE);
        try {
            decoder.chain(message);
            decoder.rule(message);
            decoder.set(message);
        } catch (NetlinkFormatException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
        for (Map.Entry<String, Ruleset.SetBody> set : ruleset.sets().entrySet()) {
            try {
                decoder.elements(set.getValue().set(), List.of(message));
            } catch (NetlinkFormatException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        }
    }
}
