/// The gateway, tried without a socket: requests go in as values, answers come out as values.
@NullMarked
package dev.planaria.app.gateway;

import org.jspecify.annotations.NullMarked;
