/// Part of a sample that breaks the rules of the architecture.
@NullMarked
package dev.planaria.app.house.bad.app.gateway.clients;

import org.jspecify.annotations.NullMarked;
