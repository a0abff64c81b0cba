/** What a rule does with requests and answers on the way. */
@NullMarked
package dev.weft.ingress.proxy.filter;

import org.jspecify.annotations.NullMarked;
