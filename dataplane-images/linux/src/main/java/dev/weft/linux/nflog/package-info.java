/** Packets that rules of nftables log, over netlink (linux/netfilter/nfnetlink_log.h). */
@NullMarked
package dev.weft.linux.nflog;

import org.jspecify.annotations.NullMarked;
