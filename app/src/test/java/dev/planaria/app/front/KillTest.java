package dev.planaria.app.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The worker is killed with -9, at every point of a call and at random; no client notices.
class KillTest {

  /// So that a worker that dies soon does not make the next one wait.
  private static final String NO_PAUSES = "youngMillis=0";

  private static final int MANY_COMMENTS = 10;

  @TempDir Path scratch;

  @Test
  void a_worker_may_die_at_any_point_of_a_call_and_its_client_gets_the_answer() throws Exception {
    try (var front = FrontProcess.start(scratch.resolve("d"), NO_PAUSES)) {
      assertThat(new Promises(front).tryAllPhases(2)).isEmpty();

      var hits = Promises.hits(front);
      System.out.println("deaths by phase: " + hits);
      assertThat(hits.keySet()).containsExactlyInAnyOrderElementsOf(Promises.phases());
    }
  }

  @Test
  void without_sending_again_calls_are_lost() throws Exception {
    assertThat(breachesWithout("resendUnanswered"))
        .anyMatch(breach -> breach.startsWith("call, before-work"))
        .anyMatch(breach -> breach.startsWith("call, after-work"))
        .anyMatch(breach -> breach.startsWith("stream, before-head"));
  }

  @Test
  void without_resuming_streams_break_off() throws Exception {
    assertThat(breachesWithout("resumeStreams"))
        .anyMatch(breach -> breach.startsWith("stream, after-primer"))
        .anyMatch(breach -> breach.startsWith("stream, mid-event"))
        .anyMatch(breach -> breach.startsWith("stream, after-work"));
  }

  @Test
  void without_skipping_the_repeated_primer_the_client_sees_an_event_twice() throws Exception {
    assertThat(breachesWithout("skipRepeatedPrimer"))
        .anyMatch(breach -> breach.startsWith("stream, mid-stream"));
  }

  @Test
  void without_buffering_the_client_sees_half_an_answer() throws Exception {
    assertThat(breachesWithout("bufferAnswers"))
        .anyMatch(breach -> breach.startsWith("call, in-body"));
  }

  private List<String> breachesWithout(String guarantee) throws Exception {
    try (var front = FrontProcess.start(scratch.resolve("d"), NO_PAUSES, "without=" + guarantee)) {
      return new Promises(front).tryAllPhases(1);
    }
  }

  @Test
  void under_load_and_random_kills_every_call_is_answered_once() throws Exception {
    var seed = Long.getLong("planaria.seed", System.nanoTime());
    var kills = Integer.getInteger("planaria.kills", 8);
    System.out.println("seed " + seed + ", " + kills + " kills");
    try (var front = FrontProcess.start(scratch.resolve("d"), NO_PAUSES);
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new AtomicBoolean();
      var counts = new ArrayList<Future<Integer>>();
      for (var i = 0; i < 8; i++) {
        counts.add(clients.submit(steadyCaller(front, new Random(seed + i), done)));
      }
      var listening = clients.submit(listener(front, done));
      var random = new Random(seed);
      var never = new CountDownLatch(1);
      try {
        for (var i = 0; i < kills; i++) {
          assertThat(FrontProcess.eventually(front::isReady)).isTrue();
          assertThat(never.await(random.nextInt(600), TimeUnit.MILLISECONDS)).isFalse();
          front.killWorker();
        }
      } finally {
        // Whatever happened: the callers' threads are waited for.
        done.set(true);
      }
      var answered = 0;
      for (var count : counts) {
        assertThat(count).as(front.log()).succeedsWithin(Duration.ofSeconds(20));
        answered += count.get();
      }
      assertThat(listening.get())
          .as("comments on the stream that went on")
          .isGreaterThan(MANY_COMMENTS);
      var resent = front.noted("resent");
      System.out.println(answered + " calls answered, " + resent + " of them sent again");
      assertThat(resent).as("kills that hit a call").isPositive();
      assertThat(new Promises(front).tryAllPhases(0)).isEmpty();
    }
  }

  /// Calls one after the other on one connection until told to stop; fails on anything but the
  /// right answer.
  private static Callable<Integer> steadyCaller(
      FrontProcess front, Random random, AtomicBoolean done) {
    return () -> {
      var count = 0;
      try (var client = front.connect()) {
        while (!done.get()) {
          var millis = new int[] {0, 20, 200}[random.nextInt(3)];
          var key = "k" + random.nextInt(1_000_000);
          var path = random.nextBoolean() ? "/call" : "/stream";
          client.send(Promises.request(path + "?ms=" + millis + "&key=" + key));
          var reply = client.readReply();
          assertThat(reply.status()).isEqualTo(200);
          assertThat(reply.body()).contains("\"key\":\"" + key + "\"");
          if (path.equals("/stream")) {
            assertThat(Promises.ids(reply.body())).containsExactly("0", "1", "2", "3", "4");
          }
          count++;
        }
      }
      return count;
    };
  }

  /// Listens on one stream the whole time, and counts what it hears.
  private static Callable<Integer> listener(FrontProcess front, AtomicBoolean done) {
    return () -> {
      var count = 0;
      try (var client = front.connect()) {
        client.send("GET /listen HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(client.readChunk()).isEqualTo("id: L\ndata: \n\n");
        // On a busy machine few come between the kills: then those behind them count.
        while (!done.get() || count <= MANY_COMMENTS) {
          assertThat(client.readChunk()).startsWith(": worker ");
          count++;
        }
      }
      return count;
    };
  }

  @Test
  void what_crashes_every_worker_is_answered_and_those_near_it_are_served() throws Exception {
    try (var front = FrontProcess.start(scratch.resolve("d"), NO_PAUSES, "suspectMillis=5000");
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new AtomicBoolean();
      var bystanders = new ArrayList<Future<Integer>>();
      for (var i = 0; i < 4; i++) {
        bystanders.add(clients.submit(steadyCaller(front, new Random(i), done)));
      }
      try {
        var poison = front.get("/poison");
        assertThat(poison.status()).isEqualTo(502);
        assertThat(poison.body())
            .contains("3 times during this request (deathsPerRequest)")
            .contains("\"code\":-33502");
        // The answer goes out as soon as the third death is known.
        assertThat(FrontProcess.eventually(() -> front.generation() >= 4))
            .as("generation " + front.generation())
            .isTrue();
      } finally {
        done.set(true);
      }
      for (var bystander : bystanders) {
        assertThat(bystander).succeedsWithin(Duration.ofSeconds(20));
      }
      assertThat(front.get("/fast").status()).isEqualTo(200);
    }
  }

  @Test
  void kills_from_outside_are_suffered_longer_but_not_for_ever() throws Exception {
    try (var front = FrontProcess.start(scratch.resolve("d"), NO_PAUSES, "lossesPerRequest=5")) {
      var doomed = front.get("/doom");
      assertThat(doomed.status()).isEqualTo(502);
      assertThat(doomed.body()).contains("lost 5 times during this request (lossesPerRequest)");
      assertThat(front.get("/fast").status()).isEqualTo(200);
    }
  }

  @Test
  void a_worker_that_drops_connections_without_dying_is_not_asked_for_ever() throws Exception {
    try (var front = FrontProcess.start(scratch.resolve("d"))) {
      var reply = front.get("/odd/dropped");
      assertThat(reply.status()).isEqualTo(502);
      assertThat(front.get("/odd/unframed").status()).isEqualTo(502);
      assertThat(front.get("/fast").body()).isEqualTo("{\"fast\":true}");
    }
  }
}
