package dev.planaria.app.gateway.clients;

/// How grave a log message is (RFC 5424 section 6.2.1), least first.
enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY
}
