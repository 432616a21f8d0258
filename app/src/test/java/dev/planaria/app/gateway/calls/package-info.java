/// The record of calls, tried by itself.
@NullMarked
package dev.planaria.app.gateway.calls;

import org.jspecify.annotations.NullMarked;
