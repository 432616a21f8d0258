package dev.planaria.chaos.simulation;

/// A process as long as it lives. What runs in it goes on only while it does: it can be stopped for
/// a while, and it can end at any point at which something waits. Used within [Turns].
public final class Life {

  private final String name;
  private boolean ended;
  private boolean stopped;

  /// @param name for the log
  public Life(String name) {
    this.name = name;
  }

  /// Its name.
  public String name() {
    return name;
  }

  /// Ends it, as a kill does: nothing that runs in it goes on.
  public void end() {
    ended = true;
  }

  /// True once it has ended.
  public boolean hasEnded() {
    return ended;
  }

  /// Lets nothing in it go on (SIGSTOP), or lets it go on again (SIGCONT).
  public void stop(boolean whether) {
    stopped = whether;
  }

  boolean isStopped() {
    return stopped;
  }

  void requireAlive() {
    if (ended) {
      throw new Ended(name);
    }
  }

  /// Unwinds what runs in a process that has ended. An error, so that nobody takes it for a failure
  /// that something can be done about.
  static final class Ended extends Error {

    private static final long serialVersionUID = 1L;

    Ended(String name) {
      super(name + " has ended", null, false, false);
    }
  }
}
