package dev.weft.nftables;

import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Takes away chains of another program out of a table that others use as well, as iptables' tables are. */
final class Leftovers {
    private Leftovers() {}

    static Transaction removal(
            Table table, Predicate<String> chains, List<NetlinkMessage> chainDump, List<NetlinkMessage> ruleDump) {
        Set<String> gone = new TreeSet<>();
        for (NetlinkMessage message : chainDump) {
            object(table, message)
                    .filter(chain -> !chain.has(Uapi.NFTA_CHAIN_HOOK))
                    .map(chain -> chain.string(Uapi.NFTA_CHAIN_NAME))
                    .filter(chains)
                    .ifPresent(gone::add);
        }
        List<Operation> operations = new ArrayList<>();
        for (NetlinkMessage message : ruleDump) {
            object(table, message).ifPresent(rule -> {
                String chain = rule.string(Uapi.NFTA_RULE_CHAIN);
                if (!gone.contains(chain) && goesTo(rule, gone)) {
                    operations.add(new Operation.DeleteRule(chain, rule.be64(Uapi.NFTA_RULE_HANDLE)));
                }
            });
        }
        gone.forEach(chain -> operations.add(new Operation.FlushChain(chain)));
        gone.forEach(chain -> operations.add(new Operation.DeleteChain(chain)));
        return new Transaction(table, operations);
    }

    private static boolean goesTo(Attributes rule, Set<String> chains) {
        return rule.has(Uapi.NFTA_RULE_EXPRESSIONS)
                && rule.list(Uapi.NFTA_RULE_EXPRESSIONS).stream()
                        .map(ExprDecoder::decode)
                        .flatMap(expr -> References.chain(expr).stream())
                        .anyMatch(chains::contains);
    }

    /** The attributes of an object of the table; nothing for those of others. The table's name is attribute 1 of all. */
    private static Optional<Attributes> object(Table table, NetlinkMessage message) {
        NetlinkReader reader = NetlinkReader.of(message, Uapi.NFGENMSG);
        int family = reader.header().u8(0);
        Attributes attributes = Attributes.of(reader);
        return family == table.family().code()
                        && attributes.string(Uapi.NFTA_CHAIN_TABLE).equals(table.name())
                ? Optional.of(attributes)
                : Optional.empty();
    }
}
