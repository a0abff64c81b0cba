/** What tests of other modules share: fresh network namespaces, seeded loops, golden files. JUnit only. */
@NullMarked
package dev.weft.testkit;

import org.jspecify.annotations.NullMarked;
