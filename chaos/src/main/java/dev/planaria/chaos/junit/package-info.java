/// For tests of one's own servers: `@ChaosTest` runs a test again and again, each time with another
/// seed, hands it faults and a ledger, and fails it when something acknowledged is not there, or
/// when no fault was met.
@NullMarked
package dev.planaria.chaos.junit;

import org.jspecify.annotations.NullMarked;
