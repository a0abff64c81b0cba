package dev.weft.linux.route;

import dev.weft.linux.LinuxException;
import dev.weft.linux.NetlinkResult;

/**
 * What became of a change.
 *
 * @param change the change
 * @param result the kernel's answer
 */
public record Outcome(Change change, NetlinkResult result) {
    /** Whether it is done, or was already. */
    public boolean done() {
        return change.done(result);
    }

    /** The kernel's error number, 0 for success; a tolerated error keeps its number. */
    public int errno() {
        return result.errno();
    }

    /** The refusal as an exception, for {@link #done()} being false. */
    public LinuxException refusal() {
        return new LinuxException(
                result.errno(),
                RtmType.name(change.message().type()),
                change.what(),
                result.answer().text());
    }
}
