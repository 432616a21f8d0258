package dev.planaria.app.cli;

import dev.planaria.app.files.WholeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The file `client.tokens` of a data directory: one line for each token, its name and the SHA-256
/// of the token in hexadecimal digits. Tokens themselves are kept nowhere.
///
/// Changes are made one process at a time, and each replaces the file whole, so that a crash leaves
/// the old one or the new one.
final class ClientTokens {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final FileAttribute<?> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final FileAttribute<?> DIRECTORY_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path directory;
  private final Path file;

  ClientTokens(Path directory) {
    this.directory = directory;
    this.file = directory.resolve("client.tokens");
  }

  /// True for what may name a client's token; the operator's has a file of its own.
  static boolean isName(String name) {
    return NAME.matcher(name).matches() && !name.equals("operator");
  }

  /// The names in the order in which they were created.
  List<String> names() throws IOException {
    return lines().stream().map(ClientTokens::nameIn).toList();
  }

  /// Adds a token; it is on disk when this returns.
  ///
  /// @throws CommandFailure when there is one of that name
  void add(String name, String token) throws IOException {
    change(lines -> {
      if (lines.stream().anyMatch(line -> nameIn(line).equals(name))) {
        throw new CommandFailure(
            ExitStatus.IN_USE, "there is a token named " + name + "; revoke it first");
      }
      lines.add(name + " " + sha256(token));
    });
  }

  /// Removes a token.
  ///
  /// @throws CommandFailure when there is none of that name
  void remove(String name) throws IOException {
    change(lines -> {
      if (!lines.removeIf(line -> nameIn(line).equals(name))) {
        throw new CommandFailure(ExitStatus.NOT_FOUND, "there is no token named " + name);
      }
    });
  }

  private interface Change {
    void apply(List<String> lines);
  }

  private void change(Change change) throws IOException {
    Files.createDirectories(directory, DIRECTORY_MODE);
    synchronized (ClientTokens.class) {
      changeInTurn(change);
    }
  }

  /// The file's lock holds off other processes; within one, it would be an error to wait for it.
  private void changeInTurn(Change change) throws IOException {
    var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try (var turn = FileChannel.open(directory.resolve("client.tokens.lock"), options, FILE_MODE);
        var _ = turn.lock()) {
      var lines = new ArrayList<>(lines());
      change.apply(lines);
      replace(lines);
    }
  }

  private void replace(List<String> lines) throws IOException {
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    WholeFile.replace(file, text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private List<String> lines() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    return Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
        .filter(line -> !line.isBlank())
        .toList();
  }

  private static String nameIn(String line) {
    int space = line.indexOf(' ');
    return space < 0 ? line : line.substring(0, space);
  }

  private static String sha256(String token) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
