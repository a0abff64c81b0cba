package dev.weft.nftables;

import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A transaction as the messages of one netlink batch, and which operation each of them belongs to. Large lists of
 * elements take several messages, since an attribute ends at 64 KiB.
 *
 * @param owners the index of each message's operation; the frame around the batch belongs to none
 */
record Encoder(List<NetlinkMessage> messages, List<Optional<Operation>> owners) {
    private static final int CREATE = NetlinkMessage.NLM_F_CREATE;
    private static final int CREATE_NEW = NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;
    private static final int APPEND = NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_APPEND;
    /** Room is left below 65531 for the largest element: key, key end, data and comment, twice. */
    private static final int LIST_BYTES = 64_000;

    static Encoder encode(Transaction transaction) {
        Encoder batch = new Encoder(new ArrayList<>(), new ArrayList<>());
        batch.add(Optional.empty(), frame(Uapi.NFNL_MSG_BATCH_BEGIN));
        Writer writer = new Writer(transaction.table());
        int setId = 1;
        for (Operation operation : transaction.operations()) {
            for (NetlinkMessage message : writer.write(operation, setId++)) {
                batch.add(Optional.of(operation), message);
            }
        }
        batch.add(Optional.empty(), frame(Uapi.NFNL_MSG_BATCH_END));
        return batch;
    }

    private void add(Optional<Operation> owner, NetlinkMessage message) {
        messages.add(message);
        owners.add(owner);
    }

    private static NetlinkMessage frame(int type) {
        // The family is unspecified, and res_id names the subsystem that the batch is for.
        return new NetlinkWriter().u8(0).u8(0).be16(Uapi.NFNL_SUBSYS_NFTABLES).message(type, 0);
    }

    /** {@code struct nfgenmsg} of a table's family. */
    static NetlinkWriter header(Table table) {
        return new NetlinkWriter().u8(table.family().code()).u8(0).be16(0);
    }

    /** Writes the operations of one table. */
    private record Writer(Table table) {
        List<NetlinkMessage> write(Operation operation, int setId) {
            return switch (operation) {
                case Operation.AddTable() ->
                    List.of(named(Uapi.NFTA_TABLE_NAME, table.name())
                            .attrBe32(Uapi.NFTA_TABLE_FLAGS, 0)
                            .message(Uapi.NEWTABLE, CREATE));
                case Operation.DeleteTable() ->
                    List.of(named(Uapi.NFTA_TABLE_NAME, table.name()).message(Uapi.DELTABLE, 0));
                case Operation.AddChain(Chain chain) -> List.of(chain(chain).message(Uapi.NEWCHAIN, CREATE_NEW));
                case Operation.SetPolicy(Chain chain) -> List.of(policy(chain).message(Uapi.NEWCHAIN, 0));
                case Operation.DeleteChain(String name) ->
                    List.of(inTable().attr(Uapi.NFTA_CHAIN_NAME, name).message(Uapi.DELCHAIN, 0));
                case Operation.AddRule(String chain, Rule rule) ->
                    List.of(rule(chain, rule).message(Uapi.NEWRULE, APPEND));
                case Operation.FlushChain(String name) ->
                    List.of(inTable().attr(Uapi.NFTA_RULE_CHAIN, name).message(Uapi.DELRULE, 0));
                case Operation.DeleteRule(String chain, long handle) ->
                    List.of(inTable()
                            .attr(Uapi.NFTA_RULE_CHAIN, chain)
                            .attrBe64(Uapi.NFTA_RULE_HANDLE, handle)
                            .message(Uapi.DELRULE, 0));
                case Operation.AddSet(NftSet set) -> List.of(set(set, setId).message(Uapi.NEWSET, CREATE_NEW));
                case Operation.DeleteSet(String name) ->
                    List.of(inTable().attr(Uapi.NFTA_SET_NAME, name).message(Uapi.DELSET, 0));
                case Operation.AddElements(NftSet set, List<Element> elements) -> elements(set, elements, true);
                case Operation.DeleteElements(NftSet set, List<Element> elements) -> elements(set, elements, false);
                case Operation.FlushSet(String name) ->
                    List.of(inTable().attr(Uapi.NFTA_SET_ELEM_LIST_SET, name).message(Uapi.DELSETELEM, 0));
            };
        }

        private NetlinkWriter named(int attribute, String name) {
            return header(table).attr(attribute, name);
        }

        /** The table's name is attribute 1 of chains, rules, sets and lists of elements alike. */
        private NetlinkWriter inTable() {
            return named(Uapi.NFTA_CHAIN_TABLE, table.name());
        }

        private NetlinkWriter chain(Chain chain) {
            NetlinkWriter out = inTable().attr(Uapi.NFTA_CHAIN_NAME, chain.name());
            chain.hook()
                    .ifPresent(hook -> out.nest(Uapi.NFTA_CHAIN_HOOK)
                            .attrBe32(Uapi.NFTA_HOOK_HOOKNUM, hook.point().code())
                            .attrBe32(Uapi.NFTA_HOOK_PRIORITY, hook.priority())
                            .endNest()
                            .attrBe32(Uapi.NFTA_CHAIN_POLICY, hook.policy().code())
                            .attr(Uapi.NFTA_CHAIN_TYPE, hook.type().toString()));
            return out;
        }

        private NetlinkWriter policy(Chain chain) {
            NetlinkWriter out = inTable().attr(Uapi.NFTA_CHAIN_NAME, chain.name());
            chain.hook()
                    .ifPresent(hook ->
                            out.attrBe32(Uapi.NFTA_CHAIN_POLICY, hook.policy().code()));
            return out;
        }

        private NetlinkWriter rule(String chain, Rule rule) {
            NetlinkWriter out = inTable().attr(Uapi.NFTA_RULE_CHAIN, chain).nest(Uapi.NFTA_RULE_EXPRESSIONS);
            ExprEncoder exprs = new ExprEncoder(out);
            rule.exprs().forEach(exprs::encode);
            out.endNest();
            return rule.comment().isEmpty()
                    ? out
                    : out.attr(Uapi.NFTA_RULE_USERDATA, Userdata.ofComment(rule.comment()));
        }

        private NetlinkWriter set(NftSet set, int id) {
            boolean pipapo = set.isInterval() && set.keys().isConcat();
            int flags = set.flags().stream().mapToInt(NftSet.Flag::bit).sum()
                    | (set.isMap() ? Uapi.NFT_SET_MAP : 0)
                    | (pipapo ? Uapi.NFT_SET_CONCAT : 0);
            NetlinkWriter out = inTable()
                    .attr(Uapi.NFTA_SET_NAME, set.name())
                    .attrBe32(Uapi.NFTA_SET_FLAGS, flags)
                    .attrBe32(Uapi.NFTA_SET_KEY_TYPE, set.keys().id())
                    .attrBe32(Uapi.NFTA_SET_KEY_LEN, set.keys().length());
            set.values().ifPresent(target -> {
                switch (target) {
                    case NftSet.Target.ToData(SetType type) ->
                        out.attrBe32(Uapi.NFTA_SET_DATA_TYPE, type.id())
                                .attrBe32(Uapi.NFTA_SET_DATA_LEN, type.length());
                    case NftSet.Target.ToVerdict() -> out.attrBe32(Uapi.NFTA_SET_DATA_TYPE, Uapi.NFT_DATA_VERDICT);
                }
            });
            if (pipapo || set.size() > 0) {
                description(out, set, pipapo);
            }
            out.attrBe32(Uapi.NFTA_SET_ID, id);
            if (!set.timeout().isZero()) {
                out.attrBe64(Uapi.NFTA_SET_TIMEOUT, set.timeout().toMillis());
            }
            return out.attr(Uapi.NFTA_SET_USERDATA, Userdata.ofSet(set));
        }

        private static void description(NetlinkWriter out, NftSet set, boolean fields) {
            out.nest(Uapi.NFTA_SET_DESC);
            if (set.size() > 0) {
                out.attrBe32(Uapi.NFTA_SET_DESC_SIZE, set.size());
            }
            if (fields) {
                out.nest(Uapi.NFTA_SET_DESC_CONCAT);
                for (DataType field : set.keys().fields()) {
                    out.nest(Uapi.NFTA_LIST_ELEM)
                            .attrBe32(Uapi.NFTA_SET_FIELD_LEN, field.length())
                            .endNest();
                }
                out.endNest();
            }
            out.endNest();
        }

        private List<NetlinkMessage> elements(NftSet set, List<Element> elements, boolean add) {
            List<NetlinkMessage> messages = new ArrayList<>();
            int next = 0;
            while (next < elements.size()) {
                NetlinkWriter out =
                        inTable().attr(Uapi.NFTA_SET_ELEM_LIST_SET, set.name()).nest(Uapi.NFTA_SET_ELEM_LIST_ELEMENTS);
                while (next < elements.size() && out.nestLength() < LIST_BYTES) {
                    element(out, set, elements.get(next++), add);
                }
                out.endNest();
                messages.add(out.message(add ? Uapi.NEWSETELEM : Uapi.DELSETELEM, add ? CREATE_NEW : 0));
            }
            return messages;
        }

        private static void element(NetlinkWriter out, NftSet set, Element element, boolean add) {
            ExprEncoder values = new ExprEncoder(out.nest(Uapi.NFTA_LIST_ELEM));
            values.value(Uapi.NFTA_SET_ELEM_KEY, element.key());
            boolean ranges = set.isInterval() && set.keys().isConcat();
            if (ranges) {
                values.value(Uapi.NFTA_SET_ELEM_KEY_END, element.last());
            }
            if (add) {
                element.value().ifPresent(value -> {
                    switch (value) {
                        case Data data -> values.value(Uapi.NFTA_SET_ELEM_DATA, data);
                        case Verdict verdict -> values.verdict(Uapi.NFTA_SET_ELEM_DATA, verdict);
                    }
                });
                if (!element.timeout().isZero()) {
                    out.attrBe64(Uapi.NFTA_SET_ELEM_TIMEOUT, element.timeout().toMillis());
                }
                if (!element.comment().isEmpty()) {
                    out.attr(Uapi.NFTA_SET_ELEM_USERDATA, Userdata.ofComment(element.comment()));
                }
            }
            out.endNest();
            if (set.isInterval() && !ranges) {
                end(out, element.last());
            }
        }

        /** An interval's end is an element of its own: the first key behind, or none if there is no key behind. */
        private static void end(NetlinkWriter out, Data last) {
            byte[] behind = last.bytes();
            int at = behind.length - 1;
            while (at >= 0 && ++behind[at] == 0) {
                at--;
            }
            if (at >= 0) {
                new ExprEncoder(out.nest(Uapi.NFTA_LIST_ELEM)).value(Uapi.NFTA_SET_ELEM_KEY, Data.of(behind));
                out.attrBe32(Uapi.NFTA_SET_ELEM_FLAGS, Uapi.NFT_SET_ELEM_INTERVAL_END)
                        .endNest();
            }
        }
    }
}
