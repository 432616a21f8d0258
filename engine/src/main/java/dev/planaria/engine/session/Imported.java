package dev.planaria.engine.session;

import dev.planaria.engine.journal.Receipt;

/// What an import came to.
///
/// @param name of the session that is there now
/// @param head its last operation
/// @param operations how many the file held
/// @param copied true when it is a session of its own, with the state but not with the receipts and
///   operation ids of the one in the file
public record Imported(String name, Receipt head, long operations, boolean copied) {}
