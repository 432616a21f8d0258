package dev.planaria.app.daemon;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;

/// Takes the port.
final class PortClaim {

  /// Clients that connect while the front is busy wait in the kernel's queue.
  private static final int BACKLOG = 1_024;

  private PortClaim() {}

  /// Binds a socket. While a former daemon of ours may still be dying, a taken port is tried again
  /// for a while; otherwise whoever has it will keep it.
  ///
  /// @throws InUse in one sentence that names the port's holder, if it can be found
  static ServerSocket bind(InetAddress address, int port, boolean formerMayHoldIt)
      throws IOException, InterruptedException {
    var deadline =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DirectoryClaim.FORMER_DAEMON_MILLIS);
    while (true) {
      var socket = new ServerSocket();
      try {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(address, port), BACKLOG);
        return socket;
      } catch (BindException e) {
        socket.close();
        if (!formerMayHoldIt || System.nanoTime() > deadline) {
          throw new InUse(
              "port "
                  + port
                  + " is taken"
                  + PortHolder.of(port).map(holder -> " by " + holder).orElse("")
                  + "; choose another with --port",
              e);
        }
      }
      Thread.sleep(DirectoryClaim.RETRY_MILLIS);
    }
  }
}
