package dev.planaria.app.cli;

/// Where `planaria` enters Java.
public final class Main {

  private Main() {}

  /// Runs one command and ends the process with its exit status.
  public static void main(String[] arguments) {
    System.out.println("planaria 0.1.0-SNAPSHOT");
  }
}
