package dev.planaria.app.gateway.upstreams;

import org.jspecify.annotations.Nullable;

/// Passes everything on; for those that look at some of it first.
class ForwardedInbound implements Wire.Inbound {
  private final Wire.Inbound next;

  ForwardedInbound(Wire.Inbound next) {
    this.next = next;
  }

  @Override
  public void receive(byte[] message, @Nullable Pending during) {
    next.receive(message, during);
  }

  @Override
  public void noise() {
    next.noise();
  }

  @Override
  public void tooLong(@Nullable Long answered, Trouble.MessageTooLong trouble) {
    next.tooLong(answered, trouble);
  }

  @Override
  public void missed() {
    next.missed();
  }

  @Override
  public void broken(Trouble trouble) {
    next.broken(trouble);
  }
}
