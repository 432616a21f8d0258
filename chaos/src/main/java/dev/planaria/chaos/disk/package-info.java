/// The files of a data directory that no process serves, and whoever damages them.
@NullMarked
package dev.planaria.chaos.disk;

import org.jspecify.annotations.NullMarked;
