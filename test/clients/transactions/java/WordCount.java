import static org.apache.kafka.streams.CloseOptions.GroupMembershipOperation.LEAVE_GROUP;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;

import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/**
 * WordCount BOOTSTRAP STATE_FOLDER: counts the words of the lines in "lines", exactly once, and writes each new count to
 * "counts" as "WORD COUNT". Its words go through a repartition topic, its counts into a compacted changelog. Runs until
 * it gets SIGTERM.
 */
public class WordCount {
  public static void main(String[] arguments) {
    Properties configs = new Properties();
    configs.put("bootstrap.servers", arguments[0]);
    configs.put("state.dir", arguments[1]);
    configs.put("application.id", "word-count");
    configs.put("processing.guarantee", "exactly_once_v2");
    configs.put("commit.interval.ms", 50);
    configs.put("num.stream.threads", 2);
    // Every record makes a new count, so that none can be missed.
    configs.put("statestore.cache.max.bytes", 0);
    configs.put("consumer.auto.offset.reset", "earliest");
    configs.put("default.key.serde", Serdes.StringSerde.class.getName());
    configs.put("default.value.serde", Serdes.StringSerde.class.getName());

    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, String> lines = builder.stream("lines");
    lines.flatMapValues(line -> List.of(line.split(" ")))
        .groupBy((key, word) -> word)
        .count(Materialized.as("words"))
        .toStream()
        .map((word, count) -> new KeyValue<>(word, word + " " + count))
        .to("counts", Produced.with(Serdes.String(), Serdes.String()));

    KafkaStreams streams = new KafkaStreams(builder.build(), configs);
    streams.setUncaughtExceptionHandler(error -> {
      error.printStackTrace();
      return SHUTDOWN_CLIENT;
    });
    // Usually it stays a member of its group for the time of a restart, and the next one has to wait for that.
    CloseOptions leaving = CloseOptions.groupMembershipOperation(LEAVE_GROUP);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(leaving)));
    streams.start();
  }
}
