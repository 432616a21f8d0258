/// Tests of the package of the same name.
@NullMarked
package dev.planaria.chaos.process;

import org.jspecify.annotations.NullMarked;
