/// What clients saw, kept outside the daemon and read into the kit's ledger: each call's life from
/// its sending to the moment when its own promise brought a receipt. Knows nothing of faults and
/// judges nothing.
@NullMarked
package dev.planaria.app.clients.ledger;

import org.jspecify.annotations.NullMarked;
