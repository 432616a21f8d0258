package dev.planaria.chaos.server;

import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Makes a [DiaryServer] misbehave for a while. A hit is a call that it did it to, which it writes
/// into its diary.
public final class ServerInjector implements Injector {

  private final Path diary;

  /// @param diary the server's diary
  public ServerInjector(Path diary) {
    this.diary = diary;
  }

  @Override
  public boolean canDo(FaultSpec spec) {
    return spec.target() == Target.UPSTREAM && !Misbehaviour.of(spec.fault()).isNone();
  }

  @Override
  public long inject(FaultSpec spec) throws IOException, InterruptedException {
    if (!canDo(spec)) {
      throw new IllegalArgumentException("no server can be made to do " + spec);
    }
    Path file = Misbehaviour.file(diary);
    long before = Diary.read(diary).faults();
    Path whole =
        Files.writeString(
            file.resolveSibling(file.getFileName() + ".new"),
            Misbehaviour.of(spec.fault()).toText());
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    var _ = new CountDownLatch(1).await(spec.lengthMillis(), TimeUnit.MILLISECONDS);
    Files.delete(file);
    return Diary.read(diary).faults() - before;
  }
}
