/// Programs of the operating system that faults are done with, and what to say where one is missing
/// or may not be used.
@NullMarked
package dev.planaria.chaos.system;

import org.jspecify.annotations.NullMarked;
