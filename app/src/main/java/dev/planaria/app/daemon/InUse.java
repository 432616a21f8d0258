package dev.planaria.app.daemon;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Another process holds the data directory or the port; the sentence says which.
final class InUse extends IOException {

  private static final long serialVersionUID = 1;

  InUse(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
