package dev.weft.linux;

/**
 * A system call or a netlink request that the kernel refused.
 *
 * <p>The message reads {@code what was tried: call: ERRNO (kernel's explanation)}.
 */
public class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String call;
    private final String tried;

    public LinuxException(int errno, String call, String tried) {
        this(errno, call, tried, "");
    }

    /**
     * An error with more from the kernel than its number.
     *
     * @param errno the positive error number, see {@link Errno}
     * @param call the system call or the netlink message type
     * @param tried what was tried, for the log's reader
     * @param detail what the kernel adds (netlink extended ack), or empty
     */
    public LinuxException(int errno, String call, String tried, String detail) {
        super(tried + ": " + call + ": " + Errno.name(errno) + (detail.isEmpty() ? "" : " (" + detail + ")"));
        this.errno = errno;
        this.call = call;
        this.tried = tried;
    }

    /** The positive error number, one of {@link Errno}. */
    public int errno() {
        return errno;
    }

    /** The error's name, such as {@code ENODEV}. */
    public String errnoName() {
        return Errno.name(errno);
    }

    /** The system call or netlink message type that failed. */
    public String call() {
        return call;
    }

    /** What was tried. */
    public String tried() {
        return tried;
    }
}
