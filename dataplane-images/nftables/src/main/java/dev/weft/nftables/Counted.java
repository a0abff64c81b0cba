package dev.weft.nftables;

import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the counter of one rule has seen.
 *
 * @param comment of the rule
 */
public record Counted(String comment, long packets, long bytes) {
    private static final int NFTA_COUNTER_BYTES = 1;
    private static final int NFTA_COUNTER_PACKETS = 2;

    /** Those of all rules in a dump, by chain. */
    static Map<String, List<Counted>> of(Table table, List<NetlinkMessage> ruleDump) {
        Map<String, List<Counted>> byChain = new HashMap<>();
        for (NetlinkMessage message : ruleDump) {
            NetlinkReader reader = NetlinkReader.of(message, Uapi.NFGENMSG);
            int family = reader.header().u8(0);
            Attributes rule = Attributes.of(reader);
            if (family == table.family().code()
                    && rule.string(Uapi.NFTA_RULE_TABLE).equals(table.name())
                    && rule.has(Uapi.NFTA_RULE_EXPRESSIONS)) {
                List<Counted> counted = counted(rule);
                if (!counted.isEmpty()) {
                    byChain.computeIfAbsent(rule.string(Uapi.NFTA_RULE_CHAIN), chain -> new ArrayList<>())
                            .addAll(counted);
                }
            }
        }
        return byChain;
    }

    private static List<Counted> counted(Attributes rule) {
        List<Counted> counted = new ArrayList<>(1);
        for (Attributes expr : rule.list(Uapi.NFTA_RULE_EXPRESSIONS)) {
            if (expr.string(Uapi.NFTA_EXPR_NAME).equals("counter") && expr.has(Uapi.NFTA_EXPR_DATA)) {
                Attributes data = expr.nested(Uapi.NFTA_EXPR_DATA);
                String comment = rule.find(Uapi.NFTA_RULE_USERDATA)
                        .map(bytes -> Userdata.comment(bytes, Userdata.COMMENT))
                        .orElse("");
                counted.add(new Counted(comment, data.be64(NFTA_COUNTER_PACKETS, 0), data.be64(NFTA_COUNTER_BYTES, 0)));
            }
        }
        return counted;
    }
}
