package dev.weft.nftables;

import dev.weft.linux.Errno;
import java.util.Optional;

/** A transaction or a read that did not happen; nothing was changed. */
public final class NftablesException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    /** Linux-internal "restart the system call", which nfnetlink sends when the generation differs. */
    private static final int ERESTART = 85;

    private static final int ENFILE = 23;
    private static final int EMLINK = 31;
    private static final int ENOTEMPTY = 39;

    private final Reason reason;
    private final int errno;
    private final transient Optional<Operation> operation;

    NftablesException(int errno, Table table, Optional<Operation> operation, String detail) {
        super("table " + table + ": " + operation.map(Operation::describe).orElse("transaction") + ": "
                + errnoName(errno) + (detail.isEmpty() ? "" : " (" + detail + ")"));
        this.reason = Reason.of(errno);
        this.errno = errno;
        this.operation = operation;
    }

    /** Why, for the code that handles it. */
    public Reason reason() {
        return reason;
    }

    /** The kernel's positive error number. */
    public int errno() {
        return errno;
    }

    /** The operation that was refused; empty if it was the transaction as a whole. */
    public Optional<Operation> operation() {
        return operation;
    }

    private static String errnoName(int errno) {
        return switch (errno) {
            case ERESTART -> "ERESTART";
            case ENFILE -> "ENFILE";
            case EMLINK -> "EMLINK";
            case ENOTEMPTY -> "ENOTEMPTY";
            default -> Errno.name(errno);
        };
    }

    /** The kinds of refusal. */
    public enum Reason {
        /** A table, chain, set or element that is not there (ENOENT). */
        NOT_FOUND,
        /** Something of that name or key is there already (EEXIST), or an interval overlaps one (ENOTEMPTY). */
        EXISTS,
        /** Still referred to (EBUSY). */
        IN_USE,
        /** Jumps go in a circle or too deep (ELOOP, EMLINK). */
        LOOP,
        /** The set is full, or the message too large (ENFILE, ENOSPC, EMSGSIZE). */
        FULL,
        /** Others changed nftables meanwhile, or replies were lost (EAGAIN, EINTR, ERESTART, ENOBUFS): read again. */
        RACE,
        /** No CAP_NET_ADMIN here (EPERM, EACCES). */
        DENIED,
        /** The kernel lacks it or does not allow it there (EOPNOTSUPP, EPROTONOSUPPORT, EAFNOSUPPORT). */
        UNSUPPORTED,
        /** Anything else, EINVAL first: most likely a mistake in the ruleset. */
        INVALID;

        static Reason of(int errno) {
            return switch (errno) {
                case Errno.ENOENT -> NOT_FOUND;
                case Errno.EEXIST, ENOTEMPTY -> EXISTS;
                case Errno.EBUSY -> IN_USE;
                case Errno.ELOOP, EMLINK -> LOOP;
                case ENFILE, Errno.ENOSPC, Errno.EMSGSIZE -> FULL;
                case Errno.EAGAIN, Errno.EINTR, ERESTART, Errno.ENOBUFS -> RACE;
                case Errno.EPERM, Errno.EACCES -> DENIED;
                case Errno.EOPNOTSUPP, Errno.EPROTONOSUPPORT, Errno.EAFNOSUPPORT -> UNSUPPORTED;
                default -> INVALID;
            };
        }
    }
}
