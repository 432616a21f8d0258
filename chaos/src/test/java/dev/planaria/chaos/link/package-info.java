/// Tests of the package of the same name.
@NullMarked
package dev.planaria.chaos.link;

import org.jspecify.annotations.NullMarked;
