/// Tests of the package of the same name.
@NullMarked
package dev.planaria.chaos.ledger;

import org.jspecify.annotations.NullMarked;
