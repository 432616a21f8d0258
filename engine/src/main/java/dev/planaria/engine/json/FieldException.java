package dev.planaria.engine.json;

/// A member of an object is missing or breaks its rule. The message names the member and the rule.
public final class FieldException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String path;

  /// @param path the member: `ttl_ms`, `agent.capabilities[2]`
  /// @param rule what it must be: `must be a text`
  public FieldException(String path, String rule) {
    super("`" + path + "` " + rule);
    this.path = path;
  }

  /// The member.
  public String path() {
    return path;
  }
}
