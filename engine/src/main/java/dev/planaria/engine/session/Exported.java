package dev.planaria.engine.session;

import dev.planaria.engine.journal.Receipt;

/// What an export came to.
///
/// @param name of the session
/// @param head the last operation in it
/// @param startSeq the operation whose state it begins with; 0 for the session's beginning
/// @param operations how many it holds
/// @param bytes the length of the file
public record Exported(String name, Receipt head, long startSeq, long operations, long bytes) {}
