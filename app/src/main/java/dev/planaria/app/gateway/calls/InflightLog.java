package dev.planaria.app.gateway.calls;

import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The two generations of the record of calls: `inflight` takes new records, `inflight.old` is only
/// read. Not thread-safe.
final class InflightLog implements Closeable {
  private static final String CURRENT = "inflight";
  private static final String OLD = "inflight.old";
  private static final String NEXT = "inflight.next";
  private static final byte[] NOTHING = new byte[0];

  private final Path directory;
  private final InflightLimits limits;
  private InflightFile old;
  private InflightFile current;

  /// Where the bodies of the calls lie that are not answered yet.
  private final Map<String, Call.Place> bodies = new HashMap<>();

  private InflightLog(
      Path directory, InflightLimits limits, InflightFile old, InflightFile current) {
    this.directory = directory;
    this.limits = limits;
    this.old = old;
    this.current = current;
  }

  /// What was found in the files.
  ///
  /// @param log takes new records
  /// @param calls in the order of their arrival; with the body when there is no answer
  record Content(InflightLog log, Map<Call, byte @Nullable []> calls) {}

  /// Opens both generations and finishes a turnover that a crash interrupted.
  static Content open(Path directory, InflightLimits limits) throws IOException {
    Path current = directory.resolve(CURRENT);
    Path next = directory.resolve(NEXT);
    if (!Files.exists(current) && Files.exists(next)) {
      Files.move(next, current);
    }
    Files.deleteIfExists(next);
    var reading = new Reading();
    InflightFile oldFile = InflightFile.open(directory.resolve(OLD), reading::visit);
    reading.turnPage();
    InflightFile currentFile = InflightFile.open(current, reading::visit);
    reading.turnPage();
    var log = new InflightLog(directory, limits, oldFile, currentFile);
    return new Content(log, reading.collect(log, List.of(oldFile, currentFile)));
  }

  /// Collects the records of both files.
  private static final class Reading {
    private record Position(int page, long offset, int length) {}

    private final Map<String, CallRecord> records = new LinkedHashMap<>();
    private final Map<String, Position> bodies = new HashMap<>();
    private final Map<String, Position> answers = new HashMap<>();
    private int page;

    void turnPage() {
      page++;
    }

    void visit(byte type, byte[] payload, long offset) {
      try (DataInputStream in = InflightFile.reader(payload)) {
        switch (type) {
          case InflightFile.ACCEPTED -> {
            CallRecord record = readRecord(in);
            records.put(record.stream(), record);
            bodies.put(record.stream(), rest(in, payload, offset));
          }
          case InflightFile.ANSWERED -> answers.put(in.readUTF(), rest(in, payload, offset));
          default -> {
            // a newer version's record: its calls are its own
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException("a record with a valid checksum cannot be read", e);
      }
    }

    private Position rest(DataInputStream in, byte[] payload, long offset) throws IOException {
      int length = in.available();
      return new Position(page, offset + payload.length - length, length);
    }

    Map<Call, byte @Nullable []> collect(InflightLog log, List<InflightFile> files)
        throws IOException {
      var calls = new LinkedHashMap<Call, byte @Nullable []>();
      for (CallRecord record : records.values()) {
        var call = new Call(record);
        Position answer = answers.get(record.stream());
        Position body = bodies.get(record.stream());
        if (answer != null) {
          call.answer = null;
          call.place = place(files, answer);
          calls.put(call, null);
        } else if (body != null) {
          Call.Place place = place(files, body);
          log.bodies.put(record.stream(), place);
          calls.put(call, place.file().read(place.offset(), place.length()));
        }
      }
      return calls;
    }

    private static Call.Place place(List<InflightFile> files, Position position) {
      return new Call.Place(files.get(position.page()), position.offset(), position.length());
    }
  }

  private static CallRecord readRecord(DataInputStream in) throws IOException {
    String stream = in.readUTF();
    String link = in.readUTF();
    String principal = in.readUTF();
    var address = new Address(readOptional(in), readOptional(in));
    byte[] id = in.readUTF().getBytes(StandardCharsets.UTF_8);
    byte[] digest = in.readNBytes(Hash.BYTES);
    String operationId = in.readUTF();
    return new CallRecord(
        stream,
        link,
        principal,
        address,
        new RpcId(Json.parse(id, JsonLimits.DEFAULT)),
        Hash.of(digest),
        operationId,
        in.readLong());
  }

  private static void writeRecord(CallRecord record, DataOutputStream out) throws IOException {
    out.writeUTF(record.stream());
    out.writeUTF(record.link());
    out.writeUTF(record.principal());
    writeOptional(record.address().session(), out);
    writeOptional(record.address().server(), out);
    out.writeUTF(record.id().key());
    out.write(record.digest().toBytes());
    out.writeUTF(record.operationId());
    out.writeLong(record.acceptedAtMillis());
  }

  private static @Nullable String readOptional(DataInputStream in) throws IOException {
    String text = in.readUTF();
    return text.isEmpty() ? null : text;
  }

  private static void writeOptional(@Nullable String text, DataOutputStream out)
      throws IOException {
    out.writeUTF(text == null ? "" : text);
  }

  /// Records that a call was accepted.
  void accepted(CallRecord record, byte[] body) throws IOException {
    byte[] payload = InflightFile.payload(body, out -> writeRecord(record, out));
    long offset = current.append(InflightFile.ACCEPTED, payload);
    bodies.put(
        record.stream(),
        new Call.Place(current, offset + payload.length - body.length, body.length));
  }

  /// Records a call's answer.
  ///
  /// @return where it lies
  Call.Place answered(String stream, byte[] answer) throws IOException {
    byte[] payload = InflightFile.payload(answer, out -> out.writeUTF(stream));
    long offset = current.append(InflightFile.ANSWERED, payload);
    bodies.remove(stream);
    return new Call.Place(current, offset + payload.length - answer.length, answer.length);
  }

  /// True when the next generation should begin.
  boolean isFull() {
    return current.size() >= limits.generationBytes()
        || current.calls() >= limits.generationCalls();
  }

  /// Begins the next generation with a copy of the calls that still run, and drops the older one.
  ///
  /// A crash between the two renames leaves `inflight.next` beside `inflight.old`, which [#open]
  /// sets right.
  ///
  /// @return the generation that is gone
  InflightFile turnOver(List<Call> running) throws IOException {
    Path nextPath = directory.resolve(NEXT);
    Files.deleteIfExists(nextPath);
    InflightFile next = InflightFile.open(nextPath, (_, _, _) -> {});
    for (Call call : running) {
      Call.Place place = bodies.get(call.record().stream());
      byte[] body = place == null ? NOTHING : place.file().read(place.offset(), place.length());
      byte[] payload = InflightFile.payload(body, out -> writeRecord(call.record(), out));
      long offset = next.append(InflightFile.ACCEPTED, payload);
      bodies.put(
          call.record().stream(),
          new Call.Place(next, offset + payload.length - body.length, body.length));
    }
    InflightFile gone = old;
    current.renameTo(directory.resolve(OLD));
    next.renameTo(directory.resolve(CURRENT));
    old = current;
    current = next;
    gone.close();
    return gone;
  }

  @Override
  public void close() throws IOException {
    old.close();
    current.close();
  }
}
