/** The kernel's connection tracking over netlink (linux/netfilter/nfnetlink_conntrack.h). */
@NullMarked
package dev.weft.linux.conntrack;

import org.jspecify.annotations.NullMarked;
