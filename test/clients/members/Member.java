import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A member of a group: Member TOPIC key=value... The pairs are the consumer's configs. It prints "assigned" with the
 * partitions it has whenever they change, and "record PARTITION OFFSET VALUE"; it commits after each poll, and leaves
 * on SIGTERM.
 */
public class Member {
  public static void main(String[] arguments) throws Exception {
    Properties configs = new Properties();
    configs.put("key.deserializer", StringDeserializer.class.getName());
    configs.put("value.deserializer", StringDeserializer.class.getName());
    configs.put("auto.offset.reset", "earliest");
    configs.put("enable.auto.commit", "false");
    for (String pair : List.of(arguments).subList(1, arguments.length)) {
      int equals = pair.indexOf('=');
      configs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    KafkaConsumer<String, String> consumer = new KafkaConsumer<>(configs);
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      consumer.wakeup();
      try {
        main.join();
      } catch (InterruptedException ignored) {
        Thread.currentThread().interrupt();
      }
    }));
    consumer.subscribe(List.of(arguments[0]), new ConsumerRebalanceListener() {
      public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        tell(consumer.assignment().stream().filter(one -> !revoked.contains(one)).collect(Collectors.toList()));
      }

      public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        tell(consumer.assignment());
      }
    });
    try {
      while (true) {
        var records = consumer.poll(Duration.ofMillis(100));
        records.forEach(one -> say("record " + one.partition() + " " + one.offset() + " " + one.value()));
        if (!records.isEmpty()) consumer.commitSync();
      }
    } catch (WakeupException end) {
      consumer.close();
    }
  }

  private static void tell(Collection<TopicPartition> partitions) {
    say("assigned " + partitions.stream().map(one -> "" + one.partition()).sorted().collect(Collectors.joining(" ")));
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
