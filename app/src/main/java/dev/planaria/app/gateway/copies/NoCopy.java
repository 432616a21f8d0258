package dev.planaria.app.gateway.copies;

/// There is no private copy of a server's package, and nothing is left of the attempt. The server
/// runs as it is; that it is fresh can no longer be promised.
final class NoCopy extends Exception {
  private static final long serialVersionUID = 1L;

  /// What went wrong; each needs another answer from the operator.
  enum Reason {
    /// The command runs nothing of which a copy can be made.
    NOT_A_NODE_SCRIPT,
    /// The script, or the package that it is part of, is not there.
    PACKAGE_NOT_FOUND,
    /// It is larger than a setting allows.
    PACKAGE_TOO_LARGE,
    /// The file system refused.
    COPY_FAILED
  }

  private final Reason reason;

  private NoCopy(Reason reason, String sentence) {
    super(reason + ": " + sentence);
    this.reason = reason;
  }

  static NoCopy notNode(String what) {
    return new NoCopy(
        Reason.NOT_A_NODE_SCRIPT,
        what + "; write the command as `node` with the path of the server's script");
  }

  static NoCopy notFound(String what) {
    return new NoCopy(
        Reason.PACKAGE_NOT_FOUND,
        what + "; install the package and write the command as `node` with the path of its script");
  }

  static NoCopy tooLarge(String package_, String setting, long limit) {
    return new NoCopy(
        Reason.PACKAGE_TOO_LARGE,
        "the package "
            + package_
            + " exceeds copies."
            + setting
            + ", which is "
            + limit
            + "; let the server keep its data elsewhere, and leave `private_copy` out");
  }

  static NoCopy failed(String what) {
    return new NoCopy(Reason.COPY_FAILED, what);
  }

  Reason reason() {
    return reason;
  }
}
