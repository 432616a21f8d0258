package dev.planaria.engine.state;

/// A command that was not accepted. Nothing was changed.
///
/// Callers tell cases apart by [#code]; the message is one sentence for people and models, which
/// names the field and the rule and, for a limit, the setting that raises it.
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// Why a command was refused. The names are stable and part of the product's interface.
  public enum Code {
    /// An argument breaks a rule that holds in any state.
    INVALID_ARGUMENT,
    /// The agent, task or other thing named does not exist.
    NOT_FOUND,
    /// The session does not accept commands in its present status.
    SESSION_NOT_ACTIVE,
    /// The present state does not allow it: a final task, a retired agent.
    WRONG_STATE,
    /// The lease token is not the present one: another holder, or expired.
    LEASE_LOST,
    /// Some dependencies are not completed.
    DEPENDENCIES_UNMET,
    /// The agent already works on another task.
    AGENT_BUSY,
    /// No task can be claimed now.
    NOTHING_TO_CLAIM,
    /// No lease and no entry is due.
    NOTHING_TO_SWEEP,
    /// The memory entry has another version.
    VERSION_CONFLICT,
    /// A named limit would be exceeded.
    LIMIT_EXCEEDED,
    /// A session of that name exists.
    NAME_TAKEN,
    /// The operation id was used before with other arguments.
    OPERATION_ID_REUSED,
    /// The operation id is older than ids are kept.
    OPERATION_EXPIRED,
    /// The operation was applied under this id, and a recovery or restore took it back.
    OPERATION_ROLLED_BACK
  }

  /// Why, for programs.
  private final Code code;

  /// @param code why, for programs
  /// @param message why, in a sentence
  public Refusal(Code code, String message) {
    super(message);
    this.code = code;
  }

  /// Why, for programs.
  public Code code() {
    return code;
  }
}
