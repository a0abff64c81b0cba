/** Pure: what the pods of all components have in common. */
@NullMarked
package dev.weft.operator.template;

import org.jspecify.annotations.NullMarked;
