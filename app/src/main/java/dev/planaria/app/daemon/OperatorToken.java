package dev.planaria.app.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/// The operator's secret: who has it may register commands and administer the daemon. It lies in
/// the data directory's file `operator.token`, mode 0600, and survives restarts.
///
/// @param text 256 random bits, base64url without padding
public record OperatorToken(String text) {

  private static final int BYTES = 32;

  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");

  /// Never shows the secret.
  @Override
  public String toString() {
    return "OperatorToken[...]";
  }

  /// Reads the token, and makes one first when there is none.
  ///
  /// @throws IOException in one sentence, when the file is not what it should be
  public static OperatorToken of(DataDirectory directory) throws IOException {
    var file = directory.path().resolve("operator.token");
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      create(file);
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is not a regular file; remove it");
    }
    Files.setPosixFilePermissions(file, OWNER_FILE);
    var text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    if (text.length() < 43 || !text.chars().allMatch(OperatorToken::isBase64Url)) {
      throw new IOException(file + " holds no token; remove it, and a new one is made");
    }
    return new OperatorToken(text);
  }

  /// Writes the token under another name first, so that nobody ever reads half of one.
  private static void create(Path file) throws IOException {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    var text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var written =
        Files.createTempFile(
            file.getParent(), "operator", ".new", PosixFilePermissions.asFileAttribute(OWNER_FILE));
    try {
      Files.writeString(written, text + "\n", StandardCharsets.US_ASCII);
      Files.createLink(file, written);
    } catch (FileAlreadyExistsException _) {
      // Another process was faster; its token holds.
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static boolean isBase64Url(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
