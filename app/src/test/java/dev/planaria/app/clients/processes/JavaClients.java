package dev.planaria.app.clients.processes;

import java.nio.file.Path;
import java.util.List;

/// The clients of [dev.planaria.app.clients.programs].
public final class JavaClients {

  private static final String PROGRAMS = "dev.planaria.app.clients.programs.";

  private JavaClients() {}

  /// The official Java SDK's.
  public static List<String> javaSdk() {
    return command(PROGRAMS + "JavaSdkMain");
  }

  /// langchain4j's.
  public static List<String> langchain4j() {
    return command(PROGRAMS + "Langchain4jMain");
  }

  /// Any class with a main method, started fast.
  public static List<String> command(String program) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        program);
  }
}
