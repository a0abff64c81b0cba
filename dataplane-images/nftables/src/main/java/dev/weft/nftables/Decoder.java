package dev.weft.nftables;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tables, chains, rules, sets and elements of a kernel dump. Each method gives nothing for an object of another table,
 * and throws {@link NetlinkFormatException} for bytes that are none.
 */
final class Decoder {
    private final Table table;

    Decoder(Table table) {
        this.table = table;
    }

    /** A rule and where it stands; the order of the dump is that of the rules. */
    record ChainRule(String chain, Rule rule) {}

    /** Chain names by the kernel's attribute; anonymous chains, which come and go with their rule, are left out. */
    Optional<Chain> chain(NetlinkMessage message) {
        return decode(message, Uapi.NFTA_CHAIN_TABLE, attributes -> {
            if ((attributes.be32(Uapi.NFTA_CHAIN_FLAGS, 0) & Uapi.NFT_CHAIN_BINDING) != 0) {
                return Optional.empty();
            }
            Optional<Hook> hook = attributes.has(Uapi.NFTA_CHAIN_HOOK) ? hook(attributes) : Optional.empty();
            return Optional.of(new Chain(attributes.string(Uapi.NFTA_CHAIN_NAME), hook));
        });
    }

    /** A hook that this module does not know (ingress) is read as none, so that the chain differs from any wanted one. */
    private static Optional<Hook> hook(Attributes chain) {
        Attributes hook = chain.nested(Uapi.NFTA_CHAIN_HOOK);
        Optional<Hook.Type> type = Hook.Type.ofName(chain.string(Uapi.NFTA_CHAIN_TYPE));
        Optional<Hook.Point> point = Hook.Point.ofCode(hook.be32(Uapi.NFTA_HOOK_HOOKNUM));
        Optional<Hook.Policy> policy = Hook.Policy.ofCode(chain.be32(Uapi.NFTA_CHAIN_POLICY));
        int priority = hook.be32(Uapi.NFTA_HOOK_PRIORITY);
        return type.flatMap(t -> point.flatMap(p -> policy.map(then -> new Hook(t, p, priority, then))));
    }

    Optional<ChainRule> rule(NetlinkMessage message) {
        return decode(message, Uapi.NFTA_RULE_TABLE, attributes -> {
            List<Expr> exprs = attributes.list(Uapi.NFTA_RULE_EXPRESSIONS).stream()
                    .map(ExprDecoder::decode)
                    .toList();
            String comment = attributes
                    .find(Uapi.NFTA_RULE_USERDATA)
                    .map(bytes -> Userdata.comment(bytes, Userdata.COMMENT))
                    .orElse("");
            return Optional.of(new ChainRule(attributes.string(Uapi.NFTA_RULE_CHAIN), new Rule(exprs, comment)));
        });
    }

    /** Anonymous sets, which come and go with their rule, are left out. */
    Optional<NftSet> set(NetlinkMessage message) {
        return decode(message, Uapi.NFTA_SET_TABLE, attributes -> {
            int bits = attributes.be32(Uapi.NFTA_SET_FLAGS, 0);
            if ((bits & Uapi.NFT_SET_ANONYMOUS) != 0) {
                return Optional.empty();
            }
            Set<NftSet.Flag> flags = EnumSet.noneOf(NftSet.Flag.class);
            Arrays.stream(NftSet.Flag.values())
                    .filter(flag -> (bits & flag.bit()) != 0)
                    .forEach(flags::add);
            int known = flags.stream().mapToInt(NftSet.Flag::bit).sum() | Uapi.NFT_SET_MAP | Uapi.NFT_SET_CONCAT;
            int length = attributes.be32(Uapi.NFTA_SET_KEY_LEN);
            SetType keys = (bits & ~known) != 0
                    ? SetType.of(DataType.opaque(length))
                    : SetType.ofId(attributes.be32(Uapi.NFTA_SET_KEY_TYPE, 0), length);
            String comment = attributes
                    .find(Uapi.NFTA_SET_USERDATA)
                    .map(bytes -> Userdata.comment(bytes, Userdata.SET_COMMENT))
                    .orElse("");
            return Optional.of(new NftSet(
                    attributes.string(Uapi.NFTA_SET_NAME),
                    keys,
                    (bits & Uapi.NFT_SET_MAP) == 0 ? Optional.empty() : Optional.of(target(attributes)),
                    flags,
                    Duration.ofMillis(attributes.be64(Uapi.NFTA_SET_TIMEOUT, 0)),
                    size(attributes),
                    comment));
        });
    }

    private static NftSet.Target target(Attributes set) {
        int type = set.be32(Uapi.NFTA_SET_DATA_TYPE, 0);
        return type == Uapi.NFT_DATA_VERDICT
                ? new NftSet.Target.ToVerdict()
                : new NftSet.Target.ToData(SetType.ofId(type, set.be32(Uapi.NFTA_SET_DATA_LEN)));
    }

    private static int size(Attributes set) {
        return set.has(Uapi.NFTA_SET_DESC) ? set.nested(Uapi.NFTA_SET_DESC).be32(Uapi.NFTA_SET_DESC_SIZE, 0) : 0;
    }

    /** How many elements the set of a message has, where the kernel says so. */
    static OptionalInt count(NetlinkMessage message) {
        Attributes set = Attributes.of(NetlinkReader.of(message, Uapi.NFGENMSG));
        return set.has(Uapi.NFTA_SET_COUNT) ? OptionalInt.of(set.be32(Uapi.NFTA_SET_COUNT)) : OptionalInt.empty();
    }

    /** Elements of all messages of one set's dump. */
    List<Element> elements(NftSet set, List<NetlinkMessage> messages) {
        List<Attributes> all = new ArrayList<>();
        for (NetlinkMessage message : messages) {
            decode(message, Uapi.NFTA_SET_ELEM_LIST_TABLE, Optional::of)
                    .filter(list -> list.string(Uapi.NFTA_SET_ELEM_LIST_SET).equals(set.name()))
                    .ifPresent(list -> all.addAll(list.list(Uapi.NFTA_SET_ELEM_LIST_ELEMENTS)));
        }
        return guarded(() -> {
            ElementDecoder decoder = new ElementDecoder(set);
            all.forEach(decoder::add);
            return decoder.elements();
        });
    }

    /** The generation that NFT_MSG_GETGEN answers with. */
    static int generation(NetlinkMessage message) {
        return Attributes.of(NetlinkReader.of(message, Uapi.NFGENMSG)).be32(Uapi.NFTA_GEN_ID);
    }

    private <T> Optional<T> decode(NetlinkMessage message, int tableAttribute, Body<T> body) {
        NetlinkReader reader = NetlinkReader.of(message, Uapi.NFGENMSG);
        int family = reader.header().u8(0);
        Attributes attributes = Attributes.of(reader);
        if (family != table.family().code()
                || !attributes.string(tableAttribute).equals(table.name())) {
            return Optional.empty();
        }
        return guarded(() -> body.decode(attributes));
    }

    /** Values refuse what cannot be; coming from outside, that is a matter of format. */
    private static <T> T guarded(Supplier<T> body) {
        try {
            return body.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new NetlinkFormatException("nf_tables object: " + e.getMessage());
        }
    }

    /** What to make of the attributes of an object of this table. */
    @FunctionalInterface
    private interface Body<T> {
        Optional<T> decode(Attributes attributes);
    }
}
