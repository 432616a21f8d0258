/// A TCP proxy that does to connections what networks do, and whoever makes it do so.
@NullMarked
package dev.planaria.chaos.link;

import org.jspecify.annotations.NullMarked;
