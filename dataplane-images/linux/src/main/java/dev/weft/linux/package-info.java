/**
 * Linux as values and owned handles: netlink, network namespaces, sockets, sysctls. The only package that calls native
 * code.
 */
@NullMarked
package dev.weft.linux;

import org.jspecify.annotations.NullMarked;
