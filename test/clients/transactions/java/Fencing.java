import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Fencing BOOTSTRAP TOPIC: two producers of one transactional id. The second comes while the first has a transaction
 * open; afterwards each commits. Prints what became of each.
 */
public class Fencing {
  public static void main(String[] arguments) {
    String topic = arguments[1];
    try (var older = Clients.producer(arguments[0], topic + "-writer");
        var newer = Clients.producer(arguments[0], topic + "-writer")) {
      older.initTransactions();
      begin(older, topic, "older");
      newer.initTransactions();
      begin(newer, topic, "newer");
      commit(older, "older");
      commit(newer, "newer");
    }
  }

  private static void begin(KafkaProducer<String, String> producer, String topic, String value) {
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(topic, 0, null, value));
    producer.flush();
  }

  private static void commit(KafkaProducer<String, String> producer, String name) {
    try {
      producer.commitTransaction();
      Clients.say(name + " committed");
    } catch (RuntimeException refused) {
      Clients.say(name + " " + refused.getClass().getSimpleName());
    }
  }
}
