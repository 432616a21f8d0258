/// Tests of private copies.
@NullMarked
package dev.planaria.app.gateway.copies;

import org.jspecify.annotations.NullMarked;
