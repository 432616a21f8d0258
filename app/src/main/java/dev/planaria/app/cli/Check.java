package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;

/// One thing that `planaria doctor` looked at.
///
/// @param name what was looked at
/// @param standing how it is
/// @param sentence what was found
/// @param advice what to do; empty when there is nothing to do
record Check(String name, Standing standing, String sentence, String advice) {

  /// How a thing is.
  enum Standing {
    OK,
    WARN,
    FAIL
  }

  static Check ok(String name, String sentence) {
    return new Check(name, Standing.OK, sentence, "");
  }

  static Check warn(String name, String sentence, String advice) {
    return new Check(name, Standing.WARN, sentence, advice);
  }

  static Check fail(String name, String sentence, String advice) {
    return new Check(name, Standing.FAIL, sentence, advice);
  }

  JsonObject json() {
    return JsonObject.builder()
        .put("name", name)
        .put("standing", WireName.of(standing))
        .put("found", sentence)
        .put("advice", advice.isEmpty() ? null : advice)
        .build();
  }

  String text() {
    String line = String.format("%-4s  %-17s %s", WireName.of(standing), name, sentence);
    return advice.isEmpty() ? line : line + "\n" + " ".repeat(24) + "-> " + advice;
  }
}
