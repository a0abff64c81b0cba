package dev.weft.linux;

import java.util.List;

/** What a socket that joined multicast groups saw. */
public sealed interface NetlinkEvent {
    /** Notifications, in the kernel's order. */
    record Received(List<NetlinkMessage> messages) implements NetlinkEvent {
        public Received {
            messages = List.copyOf(messages);
        }
    }

    /** The buffer ran over and notifications were lost (ENOBUFS): read the whole state again. */
    record Overrun() implements NetlinkEvent {}

    /** Nothing came within the time. */
    record Nothing() implements NetlinkEvent {}
}
