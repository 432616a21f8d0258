package dev.planaria.app.cli;

/// How a command ends. The numbers are stable; scripts rely on them.
public enum ExitStatus {
  /// Done, and nothing was wrong.
  OK(0, "done"),
  /// It could not be done; stderr says why.
  FAILED(1, "failed; stderr says why"),
  /// The command line was not understood.
  USAGE(2, "the command line was not understood"),
  /// The session, checkpoint, token or store that was named does not exist.
  NOT_FOUND(3, "what was named does not exist"),
  /// Something stored is not what it should be, or something acknowledged is missing.
  DAMAGED(4, "damage or loss was found (verify: of severity HIGH)"),
  /// The command needs a running daemon, and there is none.
  NOT_RUNNING(5, "no daemon is running"),
  /// Another process holds the store, the port or the name.
  IN_USE(6, "another process holds the store or the port"),
  /// A verification found values out of bounds, and nothing worse.
  OUT_OF_BOUNDS(7, "verify: values out of bounds were found, and nothing worse (LOW)"),
  /// A verification found parts that contradict each other, and nothing worse.
  CONTRADICTION(8, "verify: parts that contradict each other, and nothing worse (MEDIUM)"),
  /// A run of the chaos kit broke no promise, and showed nothing either.
  PROVED_NOTHING(9, "chaos: a fault was never met or a run not finished; nothing is shown");

  private final int code;
  private final String meaning;

  ExitStatus(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /// What the process ends with.
  public int code() {
    return code;
  }

  /// For help texts.
  public String meaning() {
    return meaning;
  }
}
