package dev.weft.linux.route;

import dev.weft.linux.Errno;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkResult;
import java.util.HashSet;
import java.util.Set;

/**
 * One change of the kernel's tables, as a value; {@link Rtnetlink#apply} carries it out.
 *
 * @param what what it does, for messages
 * @param message the message
 * @param tolerated errors that count as done
 */
public record Change(String what, NetlinkMessage message, Set<Integer> tolerated) {
    private static final int FLAVOURS =
            NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL | NetlinkMessage.NLM_F_REPLACE;

    public Change {
        tolerated = Set.copyOf(tolerated);
    }

    /** Makes what must not exist: EEXIST if it does. */
    static Change create(String what, NetlinkMessage message) {
        return of(what, message, NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL);
    }

    /** Makes it, or puts it in the place of what exists. */
    static Change replace(String what, NetlinkMessage message) {
        return of(what, message, NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_REPLACE);
    }

    /** Changes or deletes what exists. */
    static Change of(String what, NetlinkMessage message) {
        return of(what, message, 0);
    }

    private static Change of(String what, NetlinkMessage message, int flavour) {
        int flags = (message.flags() & ~FLAVOURS) | flavour;
        return new Change(what, new NetlinkMessage(message.type(), flags, message.payload()), Set.of());
    }

    /** The same change, done as well if what it makes exists already (EEXIST), whatever that looks like. */
    public Change orExisting() {
        return tolerating(Set.of(Errno.EEXIST));
    }

    /**
     * The same change, done as well if what it deletes is not there: ENODEV for links, EADDRNOTAVAIL for addresses, ESRCH
     * for routes, ENOENT for neighbours and queueing disciplines.
     */
    public Change orAbsent() {
        return tolerating(Set.of(Errno.ENODEV, Errno.EADDRNOTAVAIL, Errno.ESRCH, Errno.ENOENT));
    }

    private Change tolerating(Set<Integer> more) {
        Set<Integer> all = new HashSet<>(tolerated);
        all.addAll(more);
        return new Change(what, message, all);
    }

    boolean done(NetlinkResult result) {
        return result.ok() || tolerated.contains(result.errno());
    }

    @Override
    public String toString() {
        return what;
    }
}
