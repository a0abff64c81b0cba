/** Pure: the DNS servers, from spec and observation; and what a Corefile says in the words of the API. */
@NullMarked
package dev.weft.operator.dns;

import org.jspecify.annotations.NullMarked;
