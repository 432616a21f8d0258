/// The command line: what `planaria` can be told, its answers for people and programs, and its exit
/// statuses.
@NullMarked
package dev.planaria.app.cli;

import org.jspecify.annotations.NullMarked;
