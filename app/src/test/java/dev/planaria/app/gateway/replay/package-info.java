/// Tests of the replay of state.
@NullMarked
package dev.planaria.app.gateway.replay;

import org.jspecify.annotations.NullMarked;
