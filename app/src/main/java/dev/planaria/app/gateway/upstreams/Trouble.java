package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.engine.json.WireName;
import java.util.OptionalLong;

/// Why there is no conversation with a server, or why a request got no answer. Never holds a
/// header, an environment or a parameter, so that it may be logged and stored.
public sealed interface Trouble {
  /// The stable name of each kind, for records and programs.
  enum Kind {
    CLOSED,
    START_FAILED,
    EXITED,
    OUTPUT_CLOSED,
    INPUT_CLOSED,
    INPUT_BLOCKED,
    MESSAGE_TOO_LONG,
    UNREACHABLE,
    BROKEN_CONNECTION,
    TRUNCATED,
    NO_ANSWER,
    UNAUTHORIZED,
    FORBIDDEN,
    TOO_MANY_REQUESTS,
    SERVER_ERROR,
    UNEXPECTED_STATUS,
    SESSION_LOST,
    WRONG_CONTENT_TYPE,
    NOT_MCP,
    REDIRECT_REFUSED,
    VERSION_REFUSED,
    HANDSHAKE_REFUSED
  }

  /// What kind of trouble it is.
  Kind kind();

  /// What happened, and what to change where that is known, in a sentence.
  String sentence();

  /// The kind's name as it is written outside the program.
  default String code() {
    return WireName.of(kind());
  }

  /// How long the server asks us to wait before the next try; empty when it does not.
  default OptionalLong retryAfterMillis() {
    return OptionalLong.empty();
  }

  /// We ended the conversation ourselves.
  record Closed() implements Trouble {
    @Override
    public Kind kind() {
      return Kind.CLOSED;
    }

    @Override
    public String sentence() {
      return "the conversation was closed from this side";
    }
  }

  /// The command could not be started.
  ///
  /// @param detail what the operating system said
  record StartFailed(String detail) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.START_FAILED;
    }

    @Override
    public String sentence() {
      return "the server's command could not be started: " + detail;
    }
  }

  /// The process ended.
  ///
  /// @param status its exit status; 128 and the signal's number when a signal ended it
  record Exited(int status) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.EXITED;
    }

    @Override
    public String sentence() {
      return "the server's process ended with status "
          + status
          + (status > 128 && status < 160 ? " (signal " + (status - 128) + ")" : "");
    }
  }

  /// The process lives, but can say nothing more.
  record OutputClosed() implements Trouble {
    @Override
    public Kind kind() {
      return Kind.OUTPUT_CLOSED;
    }

    @Override
    public String sentence() {
      return "the server closed its standard output";
    }
  }

  /// The process can be told nothing more.
  record InputClosed() implements Trouble {
    @Override
    public Kind kind() {
      return Kind.INPUT_CLOSED;
    }

    @Override
    public String sentence() {
      return "the server closed its standard input";
    }
  }

  /// The process does not read what we write.
  ///
  /// @param limit which setting was exceeded, and its value
  record InputBlocked(String limit) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.INPUT_BLOCKED;
    }

    @Override
    public String sentence() {
      return "the server does not read its standard input (" + limit + ")";
    }
  }

  /// A message is longer than we are willing to hold.
  ///
  /// @param limit which setting was exceeded, and its value
  record MessageTooLong(String limit) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.MESSAGE_TOO_LONG;
    }

    @Override
    public String sentence() {
      return "the server sent a message that is too long (" + limit + ")";
    }
  }

  /// No connection could be made.
  ///
  /// @param detail refused, unknown host, timed out
  record Unreachable(String detail) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.UNREACHABLE;
    }

    @Override
    public String sentence() {
      return "the server cannot be reached: " + detail;
    }
  }

  /// A connection broke before the answer had begun.
  ///
  /// @param detail what the operating system or the HTTP client said
  record BrokenConnection(String detail) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.BROKEN_CONNECTION;
    }

    @Override
    public String sentence() {
      return "the connection to the server broke: " + detail;
    }
  }

  /// A connection broke in the middle of an answer, which could not be resumed.
  ///
  /// @param detail how it ended, and why it was not resumed
  record Truncated(String detail) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.TRUNCATED;
    }

    @Override
    public String sentence() {
      return "the server's answer broke off: " + detail;
    }
  }

  /// The server did not answer while we introduced ourselves.
  ///
  /// @param what what was asked
  /// @param millis how long it was waited for
  record NoAnswer(String what, long millis) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.NO_ANSWER;
    }

    @Override
    public String sentence() {
      return "the server did not answer " + what + " within " + millis + " ms";
    }
  }

  /// HTTP 401.
  record Unauthorized() implements Trouble {
    @Override
    public Kind kind() {
      return Kind.UNAUTHORIZED;
    }

    @Override
    public String sentence() {
      return "the server wants other credentials (401); set them in `headers` of its entry";
    }
  }

  /// HTTP 403.
  record Forbidden() implements Trouble {
    @Override
    public Kind kind() {
      return Kind.FORBIDDEN;
    }

    @Override
    public String sentence() {
      return "the server does not allow it with these credentials (403)";
    }
  }

  /// HTTP 429.
  ///
  /// @param retryAfterMillis how long the server asks us to wait
  record TooManyRequests(OptionalLong retryAfterMillis) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.TOO_MANY_REQUESTS;
    }

    @Override
    public String sentence() {
      return "the server has had too many requests (429)";
    }
  }

  /// HTTP 500 to 599.
  ///
  /// @param retryAfterMillis how long the server asks us to wait
  record ServerError(int status, OptionalLong retryAfterMillis) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.SERVER_ERROR;
    }

    @Override
    public String sentence() {
      return "the server failed with HTTP status " + status;
    }
  }

  /// An HTTP status that the protocol does not give a meaning here.
  record UnexpectedStatus(int status) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.UNEXPECTED_STATUS;
    }

    @Override
    public String sentence() {
      return "the server answered with the unexpected HTTP status " + status;
    }
  }

  /// The server does not know our session any more.
  ///
  /// @param status the HTTP status that said so; 0 when there never was a session
  record SessionLost(int status) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.SESSION_LOST;
    }

    @Override
    public String sentence() {
      return "the server does not know our session any more"
          + (status == 0 ? "" : " (" + status + ")");
    }
  }

  /// An answer that is neither JSON nor an event stream.
  ///
  /// @param contentType what it says it is
  record WrongContentType(String contentType) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.WRONG_CONTENT_TYPE;
    }

    @Override
    public String sentence() {
      return "the server answered with "
          + (contentType.isEmpty() ? "no content type" : RpcError.shortened(contentType))
          + ", not with JSON or an event stream; is this the address of an MCP server?";
    }
  }

  /// An answer that is no JSON-RPC answer to what was asked.
  ///
  /// @param detail which rule it breaks
  record NotMcp(String detail) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.NOT_MCP;
    }

    @Override
    public String sentence() {
      return "the server's answer is not MCP: " + detail;
    }
  }

  /// The server sends us to somebody else.
  ///
  /// @param target scheme, host and port of whom
  record RedirectRefused(String target) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.REDIRECT_REFUSED;
    }

    @Override
    public String sentence() {
      return "the server redirects to "
          + RpcError.shortened(target)
          + ", which gets none of its headers; name that address in its entry if it is meant";
    }
  }

  /// The server speaks no revision that we speak.
  ///
  /// @param offered what it speaks
  record VersionRefused(String offered) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.VERSION_REFUSED;
    }

    @Override
    public String sentence() {
      return "the server speaks MCP " + RpcError.shortened(offered) + ", which is not known here";
    }
  }

  /// The server refused to begin.
  ///
  /// @param errorCode its JSON-RPC error code
  /// @param message what it said, shortened
  record HandshakeRefused(long errorCode, String message) implements Trouble {
    @Override
    public Kind kind() {
      return Kind.HANDSHAKE_REFUSED;
    }

    @Override
    public String sentence() {
      return "the server refused to begin: " + RpcError.shortened(message) + " (" + errorCode + ")";
    }
  }
}
