package dev.weft.nftables;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkResult;
import dev.weft.linux.NetlinkSocket;
import dev.weft.linux.Netns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** The kernel's nftables in the network namespace where it was opened. Needs CAP_NET_ADMIN. One thread at a time. */
public final class NftablesKernel implements Nftables, AutoCloseable {
    /** Others may commit between the dumps of one read, as kube-proxy does; each attempt takes milliseconds. */
    private static final int READ_ATTEMPTS = 10;

    private final NetlinkSocket socket;

    private NftablesKernel(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * In the calling thread's network namespace.
     *
     * @throws LinuxException if there is no such socket to be had
     */
    public static NftablesKernel open() {
        return new NftablesKernel(NetlinkSocket.open(NetlinkSocket.Protocol.NETFILTER));
    }

    /**
     * In another network namespace.
     *
     * @throws LinuxException if the namespace cannot be entered, or there is no such socket to be had
     */
    public static NftablesKernel openIn(Netns netns) {
        return new NftablesKernel(NetlinkSocket.openIn(netns, NetlinkSocket.Protocol.NETFILTER));
    }

    @Override
    public Optional<Ruleset> read(Table table) {
        Optional<Ruleset> last = Optional.empty();
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            int before = generation(table);
            try {
                Optional<Ruleset> ruleset = exists(table) ? Optional.of(dumpAll(table)) : Optional.empty();
                // The generation is the whole namespace's: twice the same says that others wrote other tables.
                if (generation(table) == before || (attempt > 0 && ruleset.equals(last))) {
                    return ruleset;
                }
                last = ruleset;
            } catch (NftablesException e) {
                // A set that went between two dumps; the generation says so next time, or the error stays.
                if (e.reason() != NftablesException.Reason.NOT_FOUND || generation(table) == before) {
                    throw e;
                }
            }
        }
        throw new NftablesException(
                Errno.EAGAIN, table, Optional.empty(), "others changed nftables each time it was read");
    }

    @Override
    public Map<Data, Element> elements(Table table, NftSet set) {
        return elements(table, set, OptionalInt.empty());
    }

    /**
     * A dump of a large set skips elements if its hash table is resized meanwhile, which the kernel does on its own time
     * after it grew and does not report (nft_rhash_walk). So it counts as read once it has the number of elements that
     * the set has, or once two dumps in a row agree; but a set that packets change all the time is read once.
     *
     * @param count how many elements the set has, where the kernel says so (since 6.16)
     */
    private Map<Data, Element> elements(Table table, NftSet set, OptionalInt count) {
        NetlinkMessage request = Encoder.header(table)
                .attr(Uapi.NFTA_SET_ELEM_LIST_TABLE, table.name())
                .attr(Uapi.NFTA_SET_ELEM_LIST_SET, set.name())
                .message(Uapi.GETSETELEM, 0);
        Optional<Map<Data, Element>> last = Optional.empty();
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            List<NetlinkMessage> dump = dump(table, request);
            Map<Data, Element> elements = new HashMap<>();
            new Decoder(table).elements(set, dump).forEach(element -> elements.put(element.key(), element));
            boolean whole =
                    dump.size() <= 1 || set.isDynamic() || (count.isPresent() && count.getAsInt() == elements.size());
            if (whole || last.filter(elements::equals).isPresent()) {
                return Map.copyOf(elements);
            }
            last = Optional.of(elements);
        }
        throw new NftablesException(
                Errno.EAGAIN, table, Optional.empty(), set + " was another one each time it was read");
    }

    @Override
    public void commit(Transaction transaction) {
        if (transaction.isEmpty()) {
            return;
        }
        Encoder batch = Encoder.encode(transaction);
        List<NetlinkResult> results = request(transaction.table(), batch.messages());
        Optional<NftablesException> refused = Optional.empty();
        for (int i = 0; i < results.size(); i++) {
            NetlinkResult result = results.get(i);
            Optional<Operation> owner = batch.owners().get(i);
            if (!result.ok() && (refused.isEmpty() || refused.get().operation().isEmpty())) {
                refused = Optional.of(new NftablesException(
                        result.errno(),
                        transaction.table(),
                        owner,
                        result.answer().text()));
            }
        }
        if (refused.isPresent()) {
            throw refused.get();
        }
    }

    /**
     * What the anonymous counters of a table's rules have counted since their rules were made; empty without the table.
     *
     * @return by chain, in the order of the rules
     * @throws NftablesException if it cannot be read
     */
    public Map<String, List<Counted>> counters(Table table) {
        return exists(table) ? Counted.of(table, dump(table, Uapi.GETRULE)) : Map.of();
    }

    /** Whether there is a chain of this name, whoever made it. */
    public boolean exists(Table table, String chain) {
        return isThere(
                table,
                Encoder.header(table)
                        .attr(Uapi.NFTA_CHAIN_TABLE, table.name())
                        .attr(Uapi.NFTA_CHAIN_NAME, chain)
                        .message(Uapi.GETCHAIN, 0));
    }

    /**
     * What deletes chains of a table that another program has left there: their rules, the rules elsewhere in the table
     * that go to them, and the chains. All else in the table stays. Empty if there is no such chain.
     *
     * @param chains whether a chain, by its name, is to go; base chains stay
     */
    public Transaction removal(Table table, Predicate<String> chains) {
        return exists(table)
                ? Leftovers.removal(table, chains, dump(table, Uapi.GETCHAIN), dump(table, Uapi.GETRULE))
                : Transaction.of(table);
    }

    @Override
    public void close() {
        socket.close();
    }

    /** Whether there is a table of this name, whoever made it. */
    public boolean exists(Table table) {
        return isThere(
                table,
                Encoder.header(table).attr(Uapi.NFTA_TABLE_NAME, table.name()).message(Uapi.GETTABLE, 0));
    }

    private boolean isThere(Table table, NetlinkMessage get) {
        NetlinkResult result = request(table, List.of(get)).getFirst();
        if (!result.ok() && result.errno() != Errno.ENOENT) {
            throw new NftablesException(
                    result.errno(), table, Optional.empty(), result.answer().text());
        }
        return result.ok();
    }

    private Ruleset dumpAll(Table table) {
        Decoder decoder = new Decoder(table);
        Map<String, List<Rule>> rules = new HashMap<>();
        for (NetlinkMessage message : dump(table, Uapi.GETRULE)) {
            decoder.rule(message)
                    .ifPresent(rule -> rules.computeIfAbsent(rule.chain(), name -> new ArrayList<>())
                            .add(rule.rule()));
        }
        Map<String, Ruleset.ChainBody> chains = new HashMap<>();
        for (NetlinkMessage message : dump(table, Uapi.GETCHAIN)) {
            decoder.chain(message)
                    .ifPresent(chain -> chains.put(
                            chain.name(), new Ruleset.ChainBody(chain, rules.getOrDefault(chain.name(), List.of()))));
        }
        Map<String, Ruleset.SetBody> sets = new HashMap<>();
        for (NetlinkMessage message : dump(table, Uapi.GETSET)) {
            decoder.set(message).ifPresent(set -> {
                Map<Data, Element> elements = set.isDynamic() ? Map.of() : elements(table, set, Decoder.count(message));
                sets.put(set.name(), new Ruleset.SetBody(set, elements));
            });
        }
        return new Ruleset(table, chains, sets);
    }

    private int generation(Table table) {
        NetlinkResult result = request(table, List.of(Encoder.header(table).message(Uapi.GETGEN, 0)))
                .getFirst();
        if (!result.ok() || result.data().isEmpty()) {
            throw new NftablesException(result.errno(), table, Optional.empty(), "no generation");
        }
        return Decoder.generation(result.data().getFirst());
    }

    private List<NetlinkMessage> dump(Table table, int type) {
        // Attribute 1 is the table's name for chains, rules and sets; kernels that do not filter by it send all.
        return dump(
                table,
                Encoder.header(table).attr(Uapi.NFTA_CHAIN_TABLE, table.name()).message(type, 0));
    }

    private List<NetlinkMessage> dump(Table table, NetlinkMessage request) {
        try {
            return socket.dump(request);
        } catch (LinuxException e) {
            throw failed(table, e);
        }
    }

    private List<NetlinkResult> request(Table table, List<NetlinkMessage> messages) {
        try {
            return socket.request(messages);
        } catch (LinuxException e) {
            throw failed(table, e);
        }
    }

    private static NftablesException failed(Table table, LinuxException e) {
        NftablesException failed =
                new NftablesException(e.errno(), table, Optional.empty(), e.tried() + " by " + e.call());
        failed.initCause(e);
        return failed;
    }
}
