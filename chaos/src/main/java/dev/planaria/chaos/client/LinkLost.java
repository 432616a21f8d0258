package dev.planaria.chaos.client;

/// The system does not know the client's link (its `Mcp-Session-Id`) any more: a client must begin
/// anew then, and whatever it waited for is nobody's.
public final class LinkLost extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param link the link
  public LinkLost(String link) {
    super("the link " + link + " is not known any more");
  }
}
