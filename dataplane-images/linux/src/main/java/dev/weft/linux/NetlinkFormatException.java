package dev.weft.linux;

/** Bytes that are no netlink message: a length that leaves the buffer, a value of the wrong size. */
public final class NetlinkFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NetlinkFormatException(String message) {
        super(message);
    }
}
