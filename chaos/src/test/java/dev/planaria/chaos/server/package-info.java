@NullMarked
package dev.planaria.chaos.server;

import org.jspecify.annotations.NullMarked;
