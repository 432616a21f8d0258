package notes;

import dev.planaria.chaos.junit.Faults;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Speaks with a [NotesServer] as any MCP client would, one call at a time.
final class NotesClient {

  private static final Pattern TEXT = Pattern.compile("\"text\":\"([^\"]*)\"");

  private final Process server;
  private final OutputStream to;
  private final BufferedReader from;
  private int ids;

  /// Starts a server on that file and shakes hands.
  NotesClient(Faults faults, Path file, String variant) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    server =
        faults.start(
            new ProcessBuilder(
                    java, "-cp", classes, NotesServer.class.getName(), file.toString(), variant)
                .redirectError(ProcessBuilder.Redirect.INHERIT));
    to = server.getOutputStream();
    from = server.inputReader(StandardCharsets.UTF_8);
    send(
        "initialize",
        "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}");
    from.readLine();
  }

  /// The process, for those who want to kill it.
  Process process() {
    return server;
  }

  /// Asks to keep a note, and does not wait for the answer.
  void ask(String note) throws IOException {
    send("tools/call", "{\"name\":\"add_note\",\"arguments\":{\"text\":\"" + note + "\"}}");
  }

  /// Keeps a note.
  ///
  /// @return true when the server says so
  boolean add(String note) throws IOException {
    ask(note);
    return answer().equals("kept " + note);
  }

  /// All notes, in the server's order.
  List<String> list() throws IOException {
    send("tools/call", "{\"name\":\"list_notes\",\"arguments\":{}}");
    String notes = answer();
    return notes.isEmpty() ? List.of() : List.of(notes.split(" "));
  }

  private void send(String method, String params) throws IOException {
    ids++;
    String line =
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + ids
            + ",\"method\":\""
            + method
            + "\",\"params\":"
            + params
            + "}\n";
    to.write(line.getBytes(StandardCharsets.UTF_8));
    to.flush();
  }

  private String answer() throws IOException {
    String line = from.readLine();
    Matcher text = TEXT.matcher(line == null ? "" : line);
    if (!text.find()) {
      throw new IOException("the server said " + line);
    }
    return text.group(1);
  }
}
