import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Transform BOOTSTRAP FROM TO COUNT: reads COUNT records of one topic and writes each to another, ten at most in a
 * transaction, which takes the group's offsets along. Every tenth transaction aborts and is done again. Prints
 * "committed N", the records so far, after each commit, and in the end "transactions N".
 */
public class Transform {
  public static void main(String[] arguments) {
    String bootstrap = arguments[0], from = arguments[1], to = arguments[2];
    int count = Integer.parseInt(arguments[3]);
    try (var consumer = Clients.consumer(bootstrap, from + "-group", 10);
        var producer = Clients.producer(bootstrap, from + "-transform")) {
      producer.initTransactions();
      consumer.subscribe(java.util.List.of(from));
      int committed = 0, commits = 0;
      for (int round = 1; committed < count; round++) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
        if (records.isEmpty()) continue;
        try {
          producer.beginTransaction();
          for (var one : records) producer.send(new ProducerRecord<>(to, one.key(), "seen " + one.value()));
          producer.sendOffsetsToTransaction(behind(records), consumer.groupMetadata());
          if (round % 10 == 0) throw new KafkaException("abort this one");
          producer.commitTransaction();
          committed += records.count();
          commits++;
          Clients.say("committed " + committed);
        } catch (KafkaException error) {
          producer.abortTransaction();
          rewind(consumer);
        }
      }
      Clients.say("transactions " + commits);
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> behind(ConsumerRecords<String, String> records) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (var one : records) {
      offsets.put(new TopicPartition(one.topic(), one.partition()), new OffsetAndMetadata(one.offset() + 1));
    }
    return offsets;
  }

  /** Goes back to what the group has committed. */
  private static void rewind(KafkaConsumer<String, String> consumer) {
    consumer.committed(consumer.assignment()).forEach((partition, offset) -> {
      consumer.seek(partition, offset == null ? 0 : offset.offset());
    });
  }
}
