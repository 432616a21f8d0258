package dev.planaria.engine.state;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.state.Refusal.Code;

/// Rules for memory. An entry that has expired counts as absent, swept or not.
final class MemoryRules {

  private MemoryRules() {}

  static Operation store(SessionState state, Command.StoreMemory command, Decision decision) {
    var limits = decision.limits();
    long now = decision.nowMillis();
    checkKey(command.key(), limits);
    Check.value("value", command.value(), limits);
    Long ttl = command.ttlMillis();
    if (ttl != null) {
      Check.number("ttl_ms", ttl, 1, limits.ttlMillisMax(), "ttlMillisMax");
    }
    if (command.ifVersion() != null) {
      requireVersion(state, command.key(), command.ifVersion(), now);
    }
    var entry =
        new MemoryEntry(
            command.key(),
            command.value(),
            (int) Json.length(command.value()),
            state.lastMemoryVersion() + 1,
            now,
            ttl == null ? null : (Long) (now + ttl));
    requirePlace(state, entry, limits, now);
    return new Operation.MemoryStored(entry);
  }

  static Operation delete(SessionState state, Command.DeleteMemory command, Decision decision) {
    checkKey(command.key(), decision.limits());
    return new Operation.MemoryDeleted(
        command.key(), state.memoryAt(command.key(), decision.nowMillis()) != null);
  }

  private static void checkKey(MemoryKey key, Limits limits) {
    Check.line("namespace", key.namespace(), limits);
    Check.line("key", key.key(), limits);
  }

  private static void requireVersion(
      SessionState state, MemoryKey key, long ifVersion, long nowMillis) {
    if (ifVersion < 0) {
      throw Check.invalid("if_version", "must be 0 (no entry yet) or a version");
    }
    var entry = state.memoryAt(key, nowMillis);
    long version = entry == null ? 0 : entry.version();
    if (version != ifVersion) {
      throw new Refusal(
          Code.VERSION_CONFLICT,
          version == 0
              ? "there is no such entry, so it cannot have version " + ifVersion
              : "the entry has version " + version + ", not " + ifVersion);
    }
  }

  private static void requirePlace(
      SessionState state, MemoryEntry entry, Limits limits, long nowMillis) {
    if (state.memory().size() < limits.memoryEntries()
        && state.memoryBytes() + entry.bytes() <= limits.memoryBytes()) {
      // There is place even when it replaces nothing, and no need to look for what it replaces.
      return;
    }
    MemoryEntry old = state.memory().get(entry.key());
    long entries = state.memory().size() + (old == null ? 1L : 0L);
    long bytes = state.memoryBytes() + entry.bytes() - (old == null ? 0 : old.bytes());
    if (entries <= limits.memoryEntries() && bytes <= limits.memoryBytes()) {
      return;
    }
    // What has expired but was not swept yet takes no place.
    for (var end : state.indexes().expiries()) {
      if (end.atMillis() > nowMillis) {
        break;
      }
      MemoryEntry expired = state.memory().get(end.key());
      if (expired != null && !expired.key().equals(entry.key())) {
        entries--;
        bytes -= expired.bytes();
      }
    }
    if (entries > limits.memoryEntries()) {
      throw Check.overLimit(
          "the session has " + limits.memoryEntries() + " memory entries already", "memoryEntries");
    }
    if (bytes > limits.memoryBytes()) {
      throw Check.overLimit(
          "the memory of the session would take more than " + limits.memoryBytes() + " bytes",
          "memoryBytes");
    }
  }
}
