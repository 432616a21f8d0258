/// Tests of what clients are told.
@NullMarked
package dev.planaria.app.gateway.clients;

import org.jspecify.annotations.NullMarked;
