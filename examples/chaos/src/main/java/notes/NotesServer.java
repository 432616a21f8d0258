package notes;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An MCP server over stdio with two tools, `add_note` and `list_notes`. It is a toy: it takes its
/// requests apart with regular expressions, and notes are made of letters, digits and `-`.
///
/// It has a bug. Somebody found that it is faster to write eight notes at once, and forgot that a
/// note is acknowledged before it is written then. Everything works, until the process is killed.
public final class NotesServer {

  private static final int NOTES_AT_ONCE = 8;

  private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
  private static final Pattern NOTE = Pattern.compile("\"text\":\"([A-Za-z0-9-]+)\"");

  private final Path file;
  private final BufferedWriter writer;
  private final int notesAtOnce;
  private int unwritten;

  private NotesServer(Path file, int notesAtOnce) throws IOException {
    this.file = file;
    this.notesAtOnce = notesAtOnce;
    this.writer =
        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /// Serves until standard input ends.
  ///
  /// @param arguments the file, and `mended` for a server without the bug
  public static void main(String[] arguments) throws IOException {
    boolean mended = arguments.length > 1 && arguments[1].equals("mended");
    var server = new NotesServer(Path.of(arguments[0]), mended ? 1 : NOTES_AT_ONCE);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Matcher id = ID.matcher(line);
      // What has no id is a notification, which nobody answers.
      if (id.find()) {
        System.out.println(
            "{\"jsonrpc\":\"2.0\",\"id\":" + id.group(1) + "," + server.answer(line) + "}");
      }
    }
    server.writer.close();
  }

  private String answer(String request) throws IOException {
    if (request.contains("\"method\":\"initialize\"")) {
      return """
          "result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},\
          "serverInfo":{"name":"notes","version":"1"}}""";
    }
    if (request.contains("\"name\":\"add_note\"")) {
      Matcher note = NOTE.matcher(request);
      return note.find() ? add(note.group(1)) : text("a note is of A-Z a-z 0-9 -", true);
    }
    if (request.contains("\"name\":\"list_notes\"")) {
      writer.flush();
      return text(String.join(" ", Files.readAllLines(file)), false);
    }
    return "\"error\":{\"code\":-32601,\"message\":\"there is no such method or tool\"}";
  }

  private String add(String note) throws IOException {
    writer.write(note + "\n");
    unwritten++;
    if (unwritten >= notesAtOnce) {
      writer.flush();
      unwritten = 0;
    }
    return text("kept " + note, false);
  }

  private static String text(String text, boolean error) {
    return "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\""
        + text
        + "\"}],\"isError\":"
        + error
        + "}";
  }
}
