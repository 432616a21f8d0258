package dev.planaria.app.front;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Three system calls of Linux that the JDK does not offer. Thread-safe.
final class NativeProcess {

  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int P_ALL = 0;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;

  /// `siginfo_t` has 128 bytes on every Linux.
  private static final int SIGINFO_BYTES = 128;

  private final MethodHandle prctl;
  private final MethodHandle waitid;
  private final MethodHandle waitpid;

  @SuppressWarnings("restricted") // the front runs with --enable-native-access
  private NativeProcess(Linker linker) {
    var variadic = Linker.Option.firstVariadicArg(1);
    prctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            variadic);
    waitid =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("waitid"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    waitpid =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("waitpid"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  }

  /// True where these calls exist.
  static boolean isSupported() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  /// Binds the calls, which takes some tens of milliseconds. Only where [#isSupported].
  static NativeProcess bind() {
    return new NativeProcess(Linker.nativeLinker());
  }

  /// Makes this process the parent of every orphan among its descendants; false when the kernel
  /// refuses.
  boolean becomeSubreaper() {
    try {
      return (int) prctl.invokeExact(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == 0;
    } catch (Throwable e) {
      throw new LinkageError("prctl could not be called", e);
    }
  }

  /// True when this process has any child, living or waiting to be reaped.
  boolean hasChildren() {
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(SIGINFO_BYTES);
      return (int) waitid.invokeExact(P_ALL, 0, info, WEXITED | WNOHANG | WNOWAIT) == 0;
    } catch (Throwable e) {
      throw new LinkageError("waitid could not be called", e);
    }
  }

  /// Takes a child that has ended out of the process table; false when it has not ended yet, or is
  /// no child of ours.
  boolean reap(int pid) {
    try {
      return (int) waitpid.invokeExact(pid, MemorySegment.NULL, WNOHANG) == pid;
    } catch (Throwable e) {
      throw new LinkageError("waitpid could not be called", e);
    }
  }
}
