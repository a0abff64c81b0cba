/**
 * nftables as values: tables, chains, sets, maps and rules, the difference of two states, and one atomic transaction
 * over netlink. See the module's README for the flow.
 */
@NullMarked
package dev.weft.nftables;

import org.jspecify.annotations.NullMarked;
