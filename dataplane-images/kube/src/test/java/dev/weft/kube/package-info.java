@NullMarked
package dev.weft.kube;

import org.jspecify.annotations.NullMarked;
