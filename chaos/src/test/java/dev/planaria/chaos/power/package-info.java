/// Tests of loss of power.
@NullMarked
package dev.planaria.chaos.power;

import org.jspecify.annotations.NullMarked;
