package dev.planaria.engine.state;

/// The default limits with some of them lowered.
final class TestLimits {
  int agents = Limits.DEFAULT.agents();
  int tasks = Limits.DEFAULT.tasks();
  int dependencies = Limits.DEFAULT.dependencies();
  int memoryEntries = Limits.DEFAULT.memoryEntries();
  long memoryBytes = Limits.DEFAULT.memoryBytes();
  int valueBytes = Limits.DEFAULT.valueBytes();
  int descriptionCharacters = Limits.DEFAULT.descriptionCharacters();
  int nameCharacters = Limits.DEFAULT.nameCharacters();
  int capabilities = Limits.DEFAULT.capabilities();
  int connections = Limits.DEFAULT.connections();
  int agentsEver = Limits.DEFAULT.agentsEver();
  int valueDepth = Limits.DEFAULT.valueDepth();
  long openBytes = Limits.DEFAULT.openBytes();
  long boardBytes = Limits.DEFAULT.boardBytes();
  int sweepItems = Limits.DEFAULT.sweepItems();
  long carriedBytes = Limits.DEFAULT.carriedBytes();
  int gaps = Limits.DEFAULT.gaps();
  CallLimits calls = CallLimits.DEFAULT;

  Limits toLimits() {
    return new Limits(
        agents,
        tasks,
        dependencies,
        memoryEntries,
        memoryBytes,
        valueBytes,
        descriptionCharacters,
        nameCharacters,
        capabilities,
        connections,
        Limits.DEFAULT.leaseMillisMin(),
        Limits.DEFAULT.leaseMillisMax(),
        Limits.DEFAULT.leaseMillisDefault(),
        Limits.DEFAULT.maxAttempts(),
        Limits.DEFAULT.maxAttemptsDefault(),
        agentsEver,
        Limits.DEFAULT.ttlMillisMax(),
        valueDepth,
        openBytes,
        boardBytes,
        sweepItems,
        carriedBytes,
        gaps,
        calls);
  }
}
