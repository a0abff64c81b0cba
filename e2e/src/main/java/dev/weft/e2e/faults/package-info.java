/** What Weft does when things go wrong around it, on a real cluster: faults brought about, figures measured. */
@NullMarked
package dev.weft.e2e.faults;

import org.jspecify.annotations.NullMarked;
