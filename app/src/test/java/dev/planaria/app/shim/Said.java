package dev.planaria.app.shim;

import dev.planaria.app.shim.FakeDaemon.Answering;

/// What clients and daemons say in the tests of the shim.
final class Said {

  private Said() {}

  static String request(int id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":{"
        + params
        + "}}";
  }

  static String result(int id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"x\": 1.0}}";
  }

  static int idOf(FakeDaemon.Asked asked) {
    return Integer.parseInt(asked.body().replaceAll("(?s).*\"id\":(\\d+),.*", "$1"));
  }

  /// Answers everything at once: registrations, notifications, requests; has no listen stream.
  static final Answering PLAIN =
      (asked, reply) -> {
        if (asked.path().startsWith("/api/")) {
          reply.json(200, "{\"path\":\"/told\"}");
        } else if (!asked.method().equals("POST")) {
          reply.json(405, "");
        } else if (!asked.has("\"method\"") || !asked.has("\"id\"")) {
          reply.json(202, "");
        } else if (asked.has("\"initialize\"")) {
          reply.json(
              200,
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + idOf(asked)
                  + ",\"result\":{\"protocolVersion\":\"2025-06-18\"}}",
              "Mcp-Session-Id: the-link");
        } else {
          reply.json(200, result(idOf(asked)));
        }
      };
}
