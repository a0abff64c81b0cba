/** Values of networking that every module speaks: addresses, prefixes, families. JDK only, no side effects. */
@NullMarked
package dev.weft.net;

import org.jspecify.annotations.NullMarked;
