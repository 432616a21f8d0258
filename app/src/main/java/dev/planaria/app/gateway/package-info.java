/// The way in: one request comes, one answer goes.
@NullMarked
package dev.planaria.app.gateway;

import org.jspecify.annotations.NullMarked;
