/// What was asked of a system under test and what it answered, kept outside of it, and the judge
/// who holds that against what the system has in the end.
@NullMarked
package dev.planaria.chaos.ledger;

import org.jspecify.annotations.NullMarked;
