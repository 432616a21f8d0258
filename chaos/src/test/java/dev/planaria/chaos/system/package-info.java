/// Tests of what faults need of the operating system.
@NullMarked
package dev.planaria.chaos.system;

import org.jspecify.annotations.NullMarked;
